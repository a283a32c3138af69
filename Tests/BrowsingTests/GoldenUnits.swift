/// What the parts of the reference make of single inputs.
struct GoldenUnits: Decodable {
    struct Wrap: Decodable {
        let text: String
        let lines: [String]
    }

    struct Window: Decodable {
        let text: String
        let loc: Int
        let num_lines: Int
        let view_tokens: Int
        let total_lines: Int
        let end_loc: Int
    }

    struct Mapping: Decodable {
        let `in`: String
        let out: String
    }

    struct Citation: Decodable {
        let page_stack: [String]
        let `in`: String
        let hide_partial: Bool
        let out: String
        let annotations: [Annotation]
        let has_partial: Bool
    }

    struct Annotation: Decodable {
        let start_index: Int
        let end_index: Int
        let title: String
        let url: String
    }

    struct TokenLengths: Decodable {
        let n_vocab: Int
        let sum: Int
        let samples: [String: Int]
    }

    let wrap: [Wrap]
    let window: [Window]
    let strip_links: [Mapping]
    let citations: [Citation]
    let token_lengths: TokenLengths

    var lengths: [TokenLengths] { [token_lengths] }
}
