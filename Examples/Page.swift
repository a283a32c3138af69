import HTMLText

/// Prints a page as a model reads it.
func show(_ source: [UInt8]) throws {
    let page = try RenderedPage(source: source, url: "https://www.example.com/a/")
    print(page.title)
    print(String(decoding: page.text, as: UTF8.self))
    for (number, url) in page.links.enumerated() { print("【\(number)】", url) }
}
