internal import JSON
internal import MCP
internal import Sandbox
internal import Server
internal import Sessions

extension PythonService {
    /// Whether a new session could be had now, and what an operator should know about sessions.
    var readiness: Readiness {
        get async {
            let vacancy = await sandbox.sessions.vacancy
            var isReady = vacancy.free > 0 || vacancy.canMakeRoom
            var isolation: JSONObject = [:]
            var problems: [String] = isReady ? [] : ["all sessions are taken, and none can be spared"]
            var leaked = 0
            for worker in workers {
                let inability = await worker.isReady ? worker.inability : "the worker is starting"
                if let inability { problems.append("\(worker.network): \(inability)") }
                isReady = isReady && inability == nil
                leaked += await worker.leaked
                isolation[worker.network] = .array(await worker.layers.map(JSONValue.string))
            }
            var details: JSONObject = [
                "sessions": .integer(await sandbox.sessionCount), "sessionsFree": .integer(vacancy.free),
                "isFull": .bool(vacancy.free == 0), "sessionsLeaked": .integer(leaked),
                "calls": .integer(await sandbox.runCount), "queued": .integer(sandbox.queuedCount),
                "problems": .array(problems.map(JSONValue.string)), "isolation": .object(isolation),
            ]
            if let begun = vacancy.lastBegun {
                details["secondsSinceOpened"] = .integer(Int((ContinuousClock.now - begun).components.seconds))
            }
            return Readiness(isReady: isReady, details: details)
        }
    }
}
