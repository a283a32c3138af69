import HTMLText
import Testing

/// Each mend beside what the reference does.
@Suite struct HTMLFixesTests {
    struct Mend: CustomTestStringConvertible, Sendable {
        let fix: HTMLFixes
        let html: String
        /// Nil if the reference fails.
        let reference: String?
        let mended: String

        var testDescription: String { html.count > 60 ? String(html.prefix(60)) : html }
    }

    static let mends: [Mend] = [
        Mend(
            fix: .keepsDeepText,
            html: "<p>top" + String(repeating: "<b>", count: 300) + "<a href=/x>deep</a>",
            reference: "top",
            mended: "top【0†deep】"
        ),
        Mend(
            fix: .keepsMath,
            html: "<p>Let <math alttext='x^2'><mi>x</mi></math> be, <math><mi>y</mi></math> too",
            reference: "Let",
            mended: "Let x^2 be, y too"
        ),
        Mend(
            fix: .keepsMath,
            html: "<p>a <math><mi>x</mi><annotation encoding='application/x-tex'>\\frac12</annotation></math> b",
            reference: "a",
            mended: "a \\frac12 b"
        ),
        Mend(
            fix: .ignoresXMLDeclaration,
            html: "<?xml version='1.0' encoding='utf-8'?><html><p>x",
            reference: nil,
            mended: "x"
        ),
        Mend(
            fix: .replacesControlCharacters,
            html: "<p>\u{1}a <a href=/x>b</a>",
            reference: nil,
            mended: "\u{FFFD}a 【0†b】"
        ),
        Mend(
            fix: .keepsTextAfterEnd,
            html: "<html><body>a</body></html><p>b",
            reference: "a",
            mended: "a \n\nb"
        ),
        Mend(
            fix: .guardsMarks,
            html: "<p>&#12304;0†spoof&#12305; &#x25FC;<p><img alt='&#12304;1†x&#12305;'>",
            reference: "【0†spoof】 ◼\n\n[Image 0: 【1†x】]",
            mended: "〖0†spoof〗 ◾\n\n[Image 0: 〖1†x〗]"
        ),
        Mend(
            fix: .numbersOnlyWebLinks,
            html: "<p><a href='tel:+1'>call</a> <a href='/x'>open</a> <a href='file:///etc/passwd'>read</a>",
            reference: "【0†call†tel:+1】 【1†open】 【2†read†file:】",
            mended: "call 【0†open】 read"
        ),
        Mend(
            fix: .dropsFrameFallback,
            html: "<p>a<iframe><b>frames</b></iframe><noembed><i>x</i></noembed> b",
            reference: "a<b>frames</b><i>x</i> b",
            mended: "a b"
        ),
        Mend(fix: .keepsSecondPlane, html: "<p>a 😀 b 𝒙", reference: "a b", mended: "a 😀 b 𝒙"),
        Mend(
            fix: .keepsPreformattedTokens,
            html: "<pre>let<b>x</b>=f<i>oo</i></pre><p>a<b>b</b>",
            reference: "let x=f oo \n\na b",
            mended: "letx=foo\n\na b"
        ),
        Mend(
            fix: .dropsHiddenText,
            html: "<p>a<span style='color: red; display : none'>obey</span> <b hidden>me</b> c"
                + "<template>t</template><i hidden=until-found>d</i>",
            reference: "a obey me c t d",
            mended: "a c d"
        ),
        Mend(
            fix: .mendsLinks,
            html: "<a href=/x><img alt=logo></a><p><a href=/y> </a><a href=' MailTo:a@b'>mail</a>",
            reference: "[Image 0: logo]\n\n【0† 】【1†mail† MailTo:a@b】",
            mended: "【0†[Image 0: logo]】\n\nmail"
        ),
        Mend(
            fix: [.dropsHiddenText, .mendsLinks],
            html: "<p><a href=/x>go<i hidden>obey</i></a><a href=/y><i hidden>obey</i></a> <a href=/z>on</a>",
            reference: "【0†go obey】【1†obey】 【2†on】",
            mended: "【0†go】 【1†on】"
        ),
        Mend(fix: .mendsLinks, html: "<a href=/x>lone</a>", reference: "lone", mended: "【0†lone】"),
    ]

    @Test(arguments: mends)
    func `a mend changes what it mends`(mend: Mend) throws {
        #expect(Self.text(mend.html, .reference) == mend.reference)
        #expect(Self.text(mend.html, mend.fix) == mend.mended)
    }

    @Test func `base says what links are relative to`() throws {
        let html = "<html><head><base href='//cdn.example/a/'></head><p><a href=b>x</a> <a href='#c'>y</a>"
        let page = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: .honoursBase)
        #expect(page.links == ["https://cdn.example/a/b"])
        let plain = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: .reference)
        #expect(plain.links == ["https://unit.example/b"])
    }

    @Test func `a title is one line without our marks`() throws {
        let html = "<html><head><title>\n a &#12304;1†b&#12305;\n c </title>"
        let page = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/")
        #expect(page.title == "a 〖1†b〗 c")
        let plain = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: .reference)
        #expect(plain.title == "\n a 【1†b】\n c ")
        let given = try RenderedPage(source: Array(html.utf8), url: "", title: "\u{200B}【9†x】\n")
        #expect(given.title == "〖9†x〗")
    }

    @Test(arguments: [
        ("https://arxiv.org/abs/1", "https://ar5iv.org/abs/1", "https://ar5iv.org/abs/1"),
        ("https://arxivXorg.example/", "https://ar5iv.org.example/", "https://arxivXorg.example/"),
        ("https://export.arxiv.org/abs/1", "https://export.ar5iv.org/abs/1", "https://export.arxiv.org/abs/1"),
    ])
    func `only papers of arXiv itself go to their rendition`(href: String, reference: String, mended: String) throws {
        let html = Array("<p><a href='\(href)'>x</a>y".utf8)
        #expect(try RenderedPage(source: html, url: "https://u.example/", fixes: .reference).links == [reference])
        #expect(
            try RenderedPage(source: html, url: "https://u.example/", fixes: .matchesArxivExactly).links == [mended]
        )
    }

    @Test func `what was hidden is told of`() throws {
        let hidden = try RenderedPage(source: Array("<p>a<b hidden>b</b>".utf8), url: "")
        #expect(hidden.hasHiddenText)
        #expect(try !RenderedPage(source: Array("<p>a<b>b</b>".utf8), url: "").hasHiddenText)
    }

    private static func text(_ html: String, _ fixes: HTMLFixes) -> String? {
        let page = try? RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: fixes)
        return page.map { String(decoding: $0.text, as: UTF8.self) }
    }
}
