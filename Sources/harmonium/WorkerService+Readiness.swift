internal import JSON
internal import Server
internal import Sessions

extension Readiness {
    /// Whether each tool can have a new session now, and what an operator should know about all sessions and those of each
    /// tool: of free places the fewest that a tool has. `queued` calls wait for a place to run.
    init(of services: [any WorkerService], queued: Int) async {
        var states: [(tool: String, state: SessionsState)] = []
        for service in services { states.append((service.workers.tool, await service.state)) }
        let all = states.map(\.state)
        let problems = states.flatMap { tool, state in state.problems.map { "\(tool): \($0)" } }
        self.init(
            isReady: problems.isEmpty,
            details: [
                "sessions": .integer(all.reduce(0) { $0 + $1.count }),
                "sessionsFree": .integer(all.map(\.free).min() ?? 0),
                "isFull": .bool(all.contains { $0.free == 0 }),
                "sessionsLeaked": .integer(all.reduce(0) { $0 + $1.leaked }),
                "calls": .integer(all.reduce(0) { $0 + $1.calls }), "queued": .integer(queued),
                "problems": .array(problems.map(JSONValue.string)),
                "tools": .object(JSONObject(states.map { JSONObject.Member($0.tool, $0.state.json) })),
            ]
        )
    }
}

/// What an operator should know about the sessions of one tool.
private struct SessionsState {
    var count = 0
    var free = 0
    var leaked = 0
    var calls = 0
    var secondsSinceOpened: Int?
    /// Why no session can be had.
    var problems: [String] = []
    /// What confines them, by the network that they reach.
    var isolation: [JSONObject.Member] = []
    /// The workers of images; nil if the tool has no images.
    var images: [JSONValue]?

    var json: JSONValue {
        var details: JSONObject = [
            "sessions": .integer(count), "sessionsFree": .integer(free), "isFull": .bool(free == 0),
            "sessionsLeaked": .integer(leaked), "calls": .integer(calls),
            "isolation": .object(JSONObject(isolation)),
        ]
        details["images"] = images.map(JSONValue.array)
        details["secondsSinceOpened"] = secondsSinceOpened.map(JSONValue.integer)
        return .object(details)
    }
}

extension WorkerProcess {
    /// What an operator should know of the worker of an image.
    fileprivate func json(image: String) -> JSONValue {
        [
            "image": .string(image), "network": .string(network), "isReady": .bool(isReady && inability == nil),
            "isolation": .array(layers.map(JSONValue.string)),
        ]
    }
}

extension WorkerService {
    fileprivate var state: SessionsState {
        get async {
            let vacancy = await sessions.vacancy
            let summaries = await sessions.summaries
            var state = SessionsState(
                count: summaries.count,
                free: vacancy.free,
                calls: summaries.reduce(0) { $0 + $1.calls },
                secondsSinceOpened: vacancy.lastBegun.map { Int((ContinuousClock.now - $0).components.seconds) }
            )
            if vacancy.free == 0, !vacancy.canMakeRoom {
                state.problems.append("all sessions are taken, and none can be spared")
            }
            for process in workers.processes {
                let inability = await process.isReady ? process.inability : "the worker is starting"
                if let inability { state.problems.append("\(process.network): \(inability)") }
                state.leaked += await process.leaked
                let layers = await process.layers.map(JSONValue.string)
                state.isolation.append(JSONObject.Member(process.network, .array(layers)))
            }
            guard let images = await workers.ofImages else { return state }
            var shown: [JSONValue] = []
            for (image, process) in images {
                let inability = await process.inability
                // One that starts holds up those alone that ask for its image.
                if let inability { state.problems.append("\(image), \(process.network): \(inability)") }
                state.leaked += await process.leaked
                shown.append(await process.json(image: image))
            }
            state.images = shown
            return state
        }
    }
}
