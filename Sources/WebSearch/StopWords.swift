/// Words of English that questions are made of, and nothing is about.
enum StopWords {
    static func contains(_ word: String) -> Bool { words.contains(word.lowercased()) }

    private static let words = Set(
        """
        a about after again all am an and any are as at be because been before being between both but by can could did do \
        does doing during each for from further had has have having he her here him his how i if in into is it its just \
        me more most my no nor not now of on once only or other our out own same she should so some such than that the \
        their them then there these they this those through to too until very was we were what when where which while who \
        whom why will with would you your
        """.split(separator: " ").map(String.init)
    )
}
