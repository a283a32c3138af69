/// Which library the output equals, token by token.
public enum Flavor: Sendable, Hashable, CaseIterable {
    /// openai-harmony 0.0.8, which wrote what models were trained on.
    case openAI
    /// oss-harmony 0.0.11, which vLLM uses: on `commentary` the recipient follows the channel, a plain content type is
    /// preceded by `<|constrain|>`, exponents have a plus sign, and the strict parser drops further channel markers.
    case oss
}
