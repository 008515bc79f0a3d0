// SPDX-License-Identifier: Apache-2.0
import Basics
package import HTTPServer
import JSON

extension Simulator {
    /// Answers one request as the listener does.
    package func answer(_ request: Request) async -> Response {
        let call = Call(request)
        if call.operation == .control { return await control(call) }
        let decision = await cloud.decide(call)
        var response: Response
        switch decision.answer {
        case .response(let ready): response = ready
        case .page(let page): response = page.response
        case .blob(let body, let type):
            var bytes = body.bytes(generator)
            let doubled = decision.actions.contains { if case .duplicateRecords = $0 { true } else { false } }
            if doubled, bytes.count > 2 { bytes = bytes.dropLast() + [0x2c] + bytes.dropFirst() }
            response = .feed(body: bytes, type: type)
        }
        finish(&response, decision, request)
        if decision.delay > .zero { try? await clock.sleep(for: decision.delay) }
        response.headers.append(("Date", clock.now.httpDate))
        record(call, .cloud, response, decision)
        return response
    }

    /// Applies the faults that spoil an answer on its way, and packs it.
    private func finish(_ response: inout Response, _ decision: Cloud.Decision, _ request: Request) {
        guard response.ending == .complete else { return }
        for action in decision.actions {
            switch action {
            case .truncate(let after):
                response.ending = .truncated(
                    after: min(after ?? response.body.count / 2, response.body.count)
                )
            case .malformed: response.body = Array(response.body.prefix(response.body.count / 2))
            default: continue
            }
        }
        if cloud.knobs.gzip, response.ending == .complete, !response.body.isEmpty,
            request.header("Accept-Encoding")?.lowercased().contains("gzip") ?? false
        {
            response.body = Gzip.stored(response.body)
            response.headers.append(("Content-Encoding", "gzip"))
        }
    }

    /// Answers for a host that is none of the cloud's: politely, and with a note of who came.
    func answerAbroad(_ request: Request) async -> Response {
        let response = Response(headers: [("Content-Type", "application/json")], body: Array("[]".utf8))
        record(Call(request), .foreign, response, nil)
        return response
    }

    private func control(_ call: Call) async -> Response {
        do throws(SimulatorFailure) {
            let value = try await cloud.control(call, log)
            return .json(value.text())
        } catch {
            return .json((["error": .string(error.description)] as Value).text(), status: 400)
        }
    }

    private func record(
        _ call: Call,
        _ listener: RequestLog.Listener,
        _ response: Response,
        _ decision: Cloud.Decision?
    ) {
        log.append(
            RequestLog.Entry(
                number: 0,
                time: clock.now,
                listener: listener,
                host: call.request.header("Host") ?? "",
                method: call.request.method,
                path: call.request.path,
                query: call.request.rawQuery,
                operation: call.operation,
                tenant: decision?.tenant ?? call.tenant,
                app: decision?.app ?? "",
                authorized: call.request.header("Authorization") != nil,
                status: response.ending == .reset ? 0 : response.status,
                bytes: response.body.count,
                faults: decision?.faults ?? []
            )
        )
    }
}

extension Cloud {
    func set(own: String, published: String, foreign: String) { bases = (own, published, foreign) }
    func add(_ fault: Fault) -> String { faults.add(fault) }
    func heal(_ id: String?) { faults.remove(id) }

    func decide(_ doing: Scenario.SignIn.Doing, userCode: String?) -> Int { devices.decide(userCode, doing) }

    /// Tokens issued up to and in this second end.
    func endTokens() { tokensFrom = Timestamp(seconds: now.seconds) + .seconds(1) }

    /// The whole second that a token is issued in; one that follows an end of all tokens counts to the second after it.
    var tokenTime: Timestamp { max(Timestamp(seconds: now.seconds), tokensFrom) }
}
