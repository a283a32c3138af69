import HTMLText
import TestSupport
import Testing

/// Each mend beside what the reference does.
@Suite(.bounded) struct HTMLFixesTests {
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
            html: "<a href=/x><img alt=logo></a><p><a href=/y> </a><a href=' MailTo:a@b'>write</a>",
            reference: "[Image 0: logo]\n\n【0† 】【1†write† MailTo:a@b】",
            mended: "【0†[Image 0: logo]】\n\nwrite"
        ),
        Mend(
            fix: [.dropsHiddenText, .mendsLinks],
            html: "<p><a href=/x>go<i hidden>obey</i></a><a href=/y><i hidden>obey</i></a> <a href=/z>on</a>",
            reference: "【0†go obey】【1†obey】 【2†on】",
            mended: "【0†go】 【1†on】"
        ),
        Mend(fix: .mendsLinks, html: "<a href=/x>lone</a>", reference: "lone", mended: "【0†lone】"),
        Mend(
            fix: .dropsInvisibleCharacters,
            html: "<p>good\u{E0069}\u{E006E} soft&shy;ly \u{202E}x\u{2069} &#xE0041;y v\u{E0121}w",
            reference: "good\u{E0069}\u{E006E} soft\u{AD}ly \u{202E}x\u{2069} \u{E0041}y v\u{E0121}w",
            mended: "good softly x y vw"
        ),
        Mend(
            fix: .dropsInvisibleCharacters,
            html: "<p>a\u{200D}\u{200C}b ✈\u{FE0F}\u{FE0E}\u{FE0F} می\u{200C}خواهم",
            reference: "a\u{200D}\u{200C}b ✈\u{FE0F}\u{FE0E}\u{FE0F} می\u{200C}خواهم",
            mended: "ab ✈\u{FE0F} می\u{200C}خواهم"
        ),
        Mend(
            fix: [.dropsHiddenText, .dropsUnseenText, .keepsSecondPlane],
            html: "<p>a<i style='opacity:0'>obey</i> <b style='position:absolute; left:-9999px'>me</b> c",
            reference: "a obey me c",
            mended: "a c"
        ),
        Mend(
            fix: [.dropsHiddenText, .tellsHiddenText],
            html: "<p>a<p hidden>\(String(repeating: "x", count: 300))",
            reference: "a \n\n\(String(repeating: "x", count: 300))",
            mended: "a\n\n[This page hides about 300 characters of text, which are not shown here.]"
        ),
        Mend(
            fix: [.composesParts, .dropsHiddenText],
            html:
                "<html><main><template id=B:1></template><i>Loading</i></main><div hidden id=S:3><b>forty-two</b></div>"
                + "<script>$RC=function(a,b){};$RC(\"B:1\",\"S:3\")</script>",
            reference: "Loading \n\nforty-two",
            mended: "forty-two Loading"
        ),
        Mend(
            fix: [.composesParts, .dropsHiddenText],
            html:
                "<html><main>one <!--$?--><template id=B:1></template><i>Loading</i><!--$-->…<!--/$--> wait<!--/$--> two"
                + "</main><div hidden id=S:3><b>forty-two</b></div><script>$RC(\"B:1\",\"S:3\")</script>",
            reference: "one Loading… wait two \n\nforty-two",
            mended: "one forty-two two"
        ),
        // Its part has not come: the fallback is all there is.
        Mend(
            fix: [.composesParts, .dropsHiddenText],
            html:
                "<html><p>one <!--$?--><template id=B:1></template><i>Loading</i><!--/$--><p>two <!--$?--><template id=B:2>"
                + "</template><i>Wait</i><!--/$--><div hidden id=S:3>forty-two</div><script>$RC('B:1','S:3')</script>",
            reference: "one Loading \n\ntwo Wait \n\nforty-two",
            mended: "one forty-two \n\ntwo Wait"
        ),
        // Nothing is taken for a fallback beyond the element that it begins in.
        Mend(
            fix: [.composesParts, .dropsHiddenText],
            html: "<html><p><!--$?--><template id=B:1></template><i>Loading</i></p><p>two<!--/$--></p>"
                + "<div hidden id=S:3>forty-two</div><script>$RC('B:1','S:3')</script>",
            reference: "Loading \n\ntwo \n\nforty-two",
            mended: "forty-two Loading \n\ntwo"
        ),
        Mend(
            fix: [.composesParts, .dropsHiddenText],
            html: "<html><x-card><template shadowrootmode=open><h2><slot name=t>none</slot></h2><p>in</p><slot></slot>"
                + "</template><b>light</b><i slot=t>title</i></x-card>",
            reference: "## none \n\nin \n\nlight title",
            mended: "## title \n\nin \n\nlight"
        ),
        Mend(
            fix: [.mendsLinks, .namesLinks],
            html: "<p>x <a href=/n aria-label='Next page'><i></i></a> <a href=/p title=Back></a> <a href=/q></a>"
                + "<map><area href=/m alt=North></map>",
            reference: "x",
            mended: "x 【0†Next page】 【1†Back】 【2†North】"
        ),
        Mend(
            fix: [.dropsFrameFallback, .linksFrames],
            html: "<p>a <iframe src=/f title='A map'>old</iframe><iframe src=https://t.example/ width=1></iframe>b",
            reference: "a old b",
            mended: "a 【0†[Frame: A map]】 b"
        ),
        Mend(
            fix: [.dropsFrameFallback, .linksFrames],
            html:
                "<html><frameset><frame src=list.html name=list><frame src=https://m.example/><noframes>old</noframes>",
            reference: "old",
            mended: "【0†[Frame: list]】 【1†[Frame: https://m.example/]†m.example】"
        ),
        Mend(
            fix: .numbersViews,
            html: "<p>x <a href='#/b'>view</a> <a href='#!c'>old view</a> <a href='#d'>part</a>",
            reference: "x view old view part",
            mended: "x 【0†view】 【1†old view】 part"
        ),
        Mend(
            fix: .showsMetadata,
            html: "<html><meta name=Description content='A film'><meta property=og:description content=B>"
                + "<script type='application/ld+json'>{\"a\": [\"2 eggs\"]}</script><body>x",
            reference: "x",
            mended: "x\n\nA film\n\n{\"a\": [\"2 eggs\"]}"
        ),
    ]

    @Test(arguments: mends)
    func `a mend changes what it mends`(mend: Mend) throws {
        #expect(Self.text(mend.html, .reference) == mend.reference)
        #expect(Self.text(mend.html, mend.fix) == mend.mended)
    }

    @Test func `base says what links are relative to`() throws {
        let html = "<html><head><base href='//cdn.example/a/'></head><p><a href=b>x</a> <a href='#c'>y</a>"
        let page = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: .honorsBase)
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

    @Test(arguments: [
        "opacity: 0.00", "font-size:0", "FONT-SIZE: 1px", "font:0/0 a", "clip-path: inset(100%)", "clip-path:circle(0)",
        "position:fixed;top:-1000em", "text-indent:-9999px", "transform: translateX( -9999px )",
        "transform: scale( 0 )", "height:0;overflow:hidden", "max-height: 1px; overflow-y: clip", "color:transparent",
        "color: rgba(0, 0, 0, 0)", "color:#FFF;background:white", "position:absolute;clip:rect(1px, 1px, 1px, 1px)",
        "dis/* */play:none", "display: none !important", "visibility:collapse", "content-visibility:hidden",
        "margin-left:-5000px", "filter:opacity(0%)", "width:1px;height:1px;overflow:hidden;position:absolute",
    ])
    func `what a style hides is not shown`(style: String) {
        #expect(Self.text("<p>a</p><p style='\(style)'>b</p>", .all) == "a")
    }

    @Test(arguments: [
        "opacity:0.5", "font-size:12px", "font-size:0.9em", "clip-path:inset(5px)", "left:-9999px", "height:0",
        "position:absolute;left:-10px", "text-indent:-20px", "transform:translateX(-50%)", "overflow:hidden;height:2em",
        "color:transparent;background-clip:text", "color:#fff;background:#000",
        "position:absolute;clip:rect(0,60px,9px,0)",
        "position:absolute;clip:rect(auto,auto,auto,auto)", "display:none;display:block", "color:white", "display",
        ":;",
        "display:none-x",
    ])
    func `what a style shows is shown`(style: String) {
        #expect(Self.text("<p>a</p><p style='\(style)'>b</p>", .all) == "a \n\nb")
    }

    @Test func `shadow trees within each other and slots within slots stand in their places`() {
        let inner = "<x-in><template shadowrootmode=open>[<slot>i</slot>]</template><slot name=a></slot></x-in>"
        let html = "<html><x-out><template shadowrootmode=open><p>\(inner)</p></template><b slot=a>deep</b>lost</x-out>"
        #expect(Self.text(html, .all) == "[deep]")
        let many = String(repeating: "<x-a><template shadowrootmode=open>", count: 5000) + "end"
        #expect(Self.text("<p>start" + many, .all)?.hasPrefix("start") == true)
        let chain = (0..<5000).map { "<div hidden id=S:\($0)><template id=B:\($0 + 1)></template></div>" }.joined()
        let calls = (0..<5000).map { "$RC('B:\($0)','S:\($0)');" }.joined()
        #expect(Self.text("<p>start<template id=B:0></template>\(chain)<script>\(calls)</script>", .all) == "start")
    }

    @Test func `what was hidden is mentioned`() throws {
        let hidden = try RenderedPage(source: Array("<p>a<b hidden>b</b>".utf8), url: "")
        #expect(hidden.hasHiddenText)
        #expect(try !RenderedPage(source: Array("<p>a<b>b</b>".utf8), url: "").hasHiddenText)
    }

    private static func text(_ html: String, _ fixes: HTMLFixes) -> String? {
        let page = try? RenderedPage(source: Array(html.utf8), url: "https://unit.example/", fixes: fixes)
        return page.map { String(decoding: $0.text, as: UTF8.self) }
    }
}
