/// The defects of the reference that are mended; all of them unless the caller says otherwise.
///
/// The models were trained on what the reference shows, so each mend can be switched off by itself, and `reference` gives
/// its text byte for byte.
public struct HTMLFixes: OptionSet, Sendable {
    /// One bit a mend.
    public let rawValue: UInt32

    /// The mends whose bits are set.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// What lies deeper than 256 elements is shown.
    public static let keepsDeepText = HTMLFixes(rawValue: 1 << 0)
    /// Text after a formula is kept, and the formula is shown as the TeX or the text that its author gave for it.
    public static let keepsMath = HTMLFixes(rawValue: 1 << 1)
    /// A page may begin with an XML declaration.
    public static let ignoresXMLDeclaration = HTMLFixes(rawValue: 1 << 2)
    /// A control character next to a link is shown as U+FFFD, where the reference fails the page.
    public static let replacesControlCharacters = HTMLFixes(rawValue: 1 << 3)
    /// What follows the end of the document is part of it.
    public static let keepsTextAfterEnd = HTMLFixes(rawValue: 1 << 4)
    /// A page cannot print the marks that links are made of, however it spells them.
    public static let guardsMarks = HTMLFixes(rawValue: 1 << 5)
    /// Links are relative to what `<base>` says.
    public static let honorsBase = HTMLFixes(rawValue: 1 << 6)
    /// A title is one line.
    public static let collapsesTitle = HTMLFixes(rawValue: 1 << 7)
    /// Only links to http and https are numbered, and those to the local index from itself and from results.
    public static let numbersOnlyWebLinks = HTMLFixes(rawValue: 1 << 8)
    /// The source between the tags of frames is not shown: it is for browsers that have no frames.
    public static let dropsFrameFallback = HTMLFixes(rawValue: 1 << 9)
    /// Emoji and other characters of the second plane are kept.
    public static let keepsSecondPlane = HTMLFixes(rawValue: 1 << 10)
    /// No space is put between tags in preformatted text.
    public static let keepsPreformattedTokens = HTMLFixes(rawValue: 1 << 11)
    /// Only links to arxiv.org itself are sent to its HTML rendition.
    public static let matchesArxivExactly = HTMLFixes(rawValue: 1 << 12)
    /// What the page hides is not shown.
    public static let dropsHiddenText = HTMLFixes(rawValue: 1 << 13)
    /// Smaller things about links: the words for an image in a link are its text, a link without text is left out, schemes
    /// are compared in any case, and a page that is one link has one.
    public static let mendsLinks = HTMLFixes(rawValue: 1 << 14)

    /// Characters that carry text which a person does not see are left out.
    public static let dropsInvisibleCharacters = HTMLFixes(rawValue: 1 << 15)
    /// What stands outside of the page, has no size or is transparent is hidden too.
    public static let dropsUnseenText = HTMLFixes(rawValue: 1 << 16)
    /// A page of which much is hidden says so.
    public static let tellsHiddenText = HTMLFixes(rawValue: 1 << 17)
    /// Shadow trees that the page declares, and parts that are streamed after it, stand where a browser shows them.
    public static let composesParts = HTMLFixes(rawValue: 1 << 18)
    /// A link without words has the name that its `aria-label` or `title` gives it; areas of image maps are links.
    public static let namesLinks = HTMLFixes(rawValue: 1 << 19)
    /// Frames are shown as links to what they frame.
    public static let linksFrames = HTMLFixes(rawValue: 1 << 20)
    /// Links to another view of an application, `#/place`, are numbered.
    public static let numbersViews = HTMLFixes(rawValue: 1 << 21)
    /// A page with next to no text shows what it says of itself: its description and its structured data.
    public static let showsMetadata = HTMLFixes(rawValue: 1 << 22)

    /// Every mend.
    public static let all = HTMLFixes(rawValue: 1 << 23 - 1)
    /// None: the text of the reference, with its defects.
    public static let reference: HTMLFixes = []
}
