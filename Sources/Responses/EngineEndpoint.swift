/// Where an inference engine that speaks OpenAI's API is, vLLM for one, and how it wants to be asked.
public struct EngineEndpoint: Sendable {
    /// Where its API is, with the version and without a slash at the end: `http://localhost:8000/v1`.
    public var address: String
    /// The name of the model, as the engine has it.
    public var model: String
    /// What it asks for as `Authorization: Bearer …`; nil where it asks for nothing. Never logged.
    public var apiKey: String?

    /// An endpoint at an address.
    public init(address: String, model: String, apiKey: String? = nil) {
        self.address = address
        self.model = model
        self.apiKey = apiKey
    }
}
