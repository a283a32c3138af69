public import HTMLText

/// The defects of the reference that are mended; all of them unless the caller says otherwise.
public struct BrowsingFixes: Equatable, Sendable {
    /// What concerns the text of pages.
    public var html: HTMLFixes = .all
    /// A cursor goes on showing the page it showed, whatever is opened later under the same URL.
    public var cursorsKeepPages = true
    /// A page is known by the URL it came from too, and shows where it was redirected to.
    public var followsRedirects = true
    /// Plain text is shown line by line, and a feed as a list of its items.
    public var showsOtherFormats = true
    /// A match says the line of the page, and may go over the end of a wrapped line.
    public var findsAcrossLines = true
    /// A pattern finds quotes, dashes, blanks, ligatures and accents in any of their forms, and passes over soft hyphens.
    public var findsLookAlikes = true
    /// Numbers in quotes, marks as displays have them and citations are read as what they mean; what is unclear is refused
    /// with what to write, and negative cursors are out of range.
    public var readsArgumentsKindly = true
    /// The source of a page is shown where the source is asked for.
    public var showsSource = true
    /// A page that is longer than what was read of it says so, at its beginning and where it is cut off.
    public var tellsTruncation = true
    /// What a search service leaves out of a result is made up for.
    public var fillsResults = true

    /// Every mend.
    public init() {}

    /// None: the text of the reference, with its defects.
    public static let reference: BrowsingFixes = {
        var fixes = BrowsingFixes()
        fixes.html = .reference
        fixes.cursorsKeepPages = false
        fixes.followsRedirects = false
        fixes.showsOtherFormats = false
        fixes.findsAcrossLines = false
        fixes.findsLookAlikes = false
        fixes.readsArgumentsKindly = false
        fixes.showsSource = false
        fixes.tellsTruncation = false
        fixes.fillsResults = false
        return fixes
    }()
}
