import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct PageRowsTests {
    @Test func `the cells of a row stay on one line, and no wider than they have to`() {
        let page = """
                    Item              Count               Price
                    one                   3               10.00

                    a longer name        12
            """
        let rows = PageRows(page)
        #expect(
            rows.text == """
                Item           Count  Price
                one                3  10.00

                a longer name     12
                """
        )
        #expect(!rows.areInColumns)
    }

    private static let prose = "the keeper of the light walks up the stairs every night"

    @Test func `prose in columns is recognized beside prose, and from a table of words`() {
        let columns = Array(repeating: "\(Self.prose)     \(Self.prose)", count: 20).joined(separator: "\n")
        #expect(PageRows(columns).areInColumns)
        let single = Array(repeating: "\(Self.prose) \(Self.prose)", count: 20).joined(separator: "\n")
        #expect(!PageRows(single).areInColumns)
        let table = Array(repeating: "Lamp oil of the best kind     12 barrels     4.00", count: 20).joined(
            separator: "\n"
        )
        #expect(!PageRows(table).areInColumns)
        let heading = "\(Self.prose)     \(Self.prose)\n" + single
        #expect(!PageRows(heading).areInColumns)
    }

    @Test(arguments: ["", " ", "\n\n", "\u{c}", "   é   漢  \n x", "\t\ta\tb"])
    func `a page of any kind has its words`(page: String) {
        let words = page.split(whereSeparator: \.isWhitespace)
        #expect(PageRows(page).text.split(whereSeparator: \.isWhitespace) == words)
    }
}
