internal import JSON

/// Numbers the events of one response, and keeps its items: the one place where an index is given out.
///
/// The final list of items is what was sent when each was done, so a stream cannot end with others than it showed.
actor ResponseWriter {
    private let resource: ResponseResource
    private let send: @Sendable (ResponseEvent) async -> Void
    private var eventCount = 0
    /// The items in the order in which they began; as they are once they are done.
    private var items: [JSONObject] = []

    init(_ resource: ResponseResource, send: @escaping @Sendable (ResponseEvent) async -> Void) {
        self.resource = resource
        self.send = send
    }

    /// The items that there are.
    var output: [JSONValue] { items.map { .object($0) } }

    /// Says that the response begins.
    func begin() async {
        let response = resource.json(.inProgress)
        await event("response.created", ["response": response])
        await event("response.in_progress", ["response": response])
    }

    /// Begins an item, and gives its index.
    func add(_ item: JSONObject) async -> Int {
        let index = items.count
        items.append(item)
        await event("response.output_item.added", ["output_index": .integer(index), "item": .object(item)])
        return index
    }

    /// Says what happened to an item.
    func event(_ type: String, of index: Int, _ members: JSONObject = [:]) async {
        var all: JSONObject = ["output_index": .integer(index)]
        if let id = items[index]["id"] { all["item_id"] = id }
        await event(type, all.merging(members))
    }

    /// Shows the commands of a shell's call, whose events do not have the item's id.
    func showCommands(_ commands: [JSONValue], at index: Int) async {
        for (number, command) in commands.enumerated() {
            let place: JSONObject = ["output_index": .integer(index), "command_index": .integer(number)]
            await event("response.shell_call_command.added", place.merging(["command": ""]))
            await event("response.shell_call_command.delta", place.merging(["delta": command]))
            await event("response.shell_call_command.done", place.merging(["command": command]))
        }
    }

    /// Ends an item, which is `item` for good.
    func finish(_ item: JSONObject, at index: Int) async {
        items[index] = item
        await event("response.output_item.done", ["output_index": .integer(index), "item": .object(item)])
    }

    /// Ends the response, and gives it.
    ///
    /// - Parameter repairs: What was repaired of what the model wrote; nil where the client does not ask.
    func end(_ ending: ResponseResource.Ending, usage: Usage, repairs: [String]? = nil) async -> JSONValue {
        let response = resource.json(ending, output: output, usage: usage, repairs: repairs)
        await event("response.\(ending.status)", ["response": response])
        return response
    }

    private func event(_ type: String, _ members: JSONObject) async {
        let event = ResponseEvent(type, number: eventCount, members)
        eventCount += 1
        await send(event)
    }
}
