import TestSupport
import Testing

@testable import HTMLText

@Suite(.bounded) struct PlainTextTests {
    @Test(arguments: [
        ("<p>One<p>two", "One two"), ("fo<b>o</b>d <i>x</i>", "food x"), ("a<br>b<td>c", "a b c"),
        ("a <!-- <b>no</b> --> b", "a b"), ("a<!doctype html>b<?php echo?>c", "abc"),
        ("a < b && c > d", "a < b && c > d"),
        ("<script>if (a < b) '<p>'</script>x<style>p{}</style>y", "x y"), ("<script>endless", ""),
        ("&lt;b&gt; &amp;amp; &#8217;q&#x2019; caf&eacute; &nosuch; &copy 1", "<b> &amp; ’q’ café &nosuch; © 1"),
        ("a<a href=\"x>y\" title='>'>b</a>", "ab"), ("<img src=x alt='The &amp; logo'>z", "The & logo z"),
        ("<div hidden>no<div>no</div></div>yes", "yes"), ("<div style='Display : NONE'>no</div>yes", "yes"),
        ("<p hidden>shown, for where it ends is not said", "shown, for where it ends is not said"),
        ("<div hidden>endless", "endless"), ("<template>no</template>a", "a"),
        ("<template shadowrootmode=open>yes</template>", "yes"), ("x<my-element>y</my-element>", "x y"),
        ("<svg><text>label</text></svg>", "label"), ("a\n\n  b\t\tc  ", "a b c"), ("", ""), ("<", "<"), ("a<b", "a<b"),
        ("<p", "<p"), ("</p>", ""), ("日本<wbr>語", "日本語"),
    ])
    func `words are what is left of a document`(html: String, text: String) {
        #expect(String(decoding: PlainText(of: Array(html.utf8)).text, as: UTF8.self) == text)
    }

    @Test func `the first title is the title, and no text`() {
        let page = PlainText(
            of: Array("<head><title>\n A &lt; <b>b</b> </title></head><p>x<svg><title>y</title></svg>".utf8)
        )
        #expect(String(decoding: page.title, as: UTF8.self) == "A < b")
        #expect(String(decoding: page.text, as: UTF8.self) == "x y")
    }

    @Test(arguments: [
        ("&#8217;quoted&#8217; caf&eacute; <span class=x>span</span>", "’quoted’ café span"),
        ("<strong>a</strong> <em class='y'>b</em><br/>c", "a b c"), ("List<String> and <T>", "List<String> and <T>"),
        ("if a < b && c > d", "if a < b && c > d"), ("x?a=1&copy=2&amp;d=3", "x?a=1&copy=2&d=3"), ("plain", "plain"),
        ("&lt;b&gt;", "<b>"), ("a <", "a <"), ("&", "&"), ("AT&T", "AT&T"), ("<B>x</B>", "x"),
    ])
    func `of a fragment only what is surely markup is taken away`(fragment: String, text: String) {
        #expect(PlainText.ofFragment(fragment) == text)
    }

    @Test func `a text ends where it has enough, and hostile pages cost no more than long ones`() {
        let many = Array(String(repeating: "<div hidden><i hidden><x1 hidden>&#1;<a b='", count: 50_000).utf8)
        #expect(PlainText(of: many, bytesMax: 1000).text.count < 2000)
        let words = Array(String(repeating: "word ", count: 1000).utf8)
        #expect((100..<110).contains(PlainText(of: words, bytesMax: 100).text.count))
    }
}
