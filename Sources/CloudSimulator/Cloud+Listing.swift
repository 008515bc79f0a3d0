// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

extension Cloud {
    /// The window that a listing asks for, with the words it used.
    private struct Window {
        var from: Timestamp
        var to: Timestamp
        var fromText: String
        var toText: String
    }

    /// Where a page ended: when its last blob could be seen, and its index.
    private struct Place {
        var milliseconds: Int64
        var index: Int
    }

    /// One page of the content that became available in a window.
    func listing(
        _ call: Call,
        _ record: TenantRecord,
        _ type: ContentType,
        _ subscription: TenantRecord.Subscription,
        _ acting: [Fault]
    ) throws(Refusal) -> Response {
        let window = try window(call)
        let after = try place(call)
        try throttle(call)
        guard let series = series(call.tenant, type) else { return .feed([]) }
        var found = series.blobs(from: window.from, to: window.to, now: now).filter { blob in
            isKept(blob, record, subscription) && blob.created + knobs.retention > now
        }
        if let after {
            found.removeAll { ($0.visible.milliseconds, $0.index) <= (after.milliseconds, after.index) }
        }
        let page = found.prefix(max(1, knobs.pageSize))
        var items: [Value] = []
        var applied: Set<String> = []
        for blob in page {
            let meant = acting.filter {
                $0.action.isItemwise && $0.match.names((blob.index, blob.created), start: start)
            }
            applied.formUnion(meant.map(\.id))
            let actions = meant.map(\.action)
            if actions.contains(where: { if case .hidden = $0 { true } else { false } }) { continue }
            let item = entry(blob, type, call, actions)
            items.append(item)
            if actions.contains(where: { if case .duplicateBlob = $0 { true } else { false } }) {
                items.append(item)
            }
        }
        faults.count(applied)
        var headers: [(name: String, value: String)] = []
        if let last = page.last, page.count < found.count {
            headers.append(("NextPageUri", next(call, window, last)))
        }
        for fault in acting {
            switch fault.action {
            case .foreignNextPage:
                let own = page.last.map { next(call, window, $0) } ?? bases.published + call.request.path
                headers = [("NextPageUri", bases.foreign + own.dropFirst(bases.published.count))]
            case .pageLoop:
                // Asked for a page, it names that page as the next one.
                if call.query("nextPage") != nil {
                    headers = [
                        ("NextPageUri", bases.published + call.request.path + "?" + call.request.rawQuery)
                    ]
                } else if let last = page.last {
                    headers = [("NextPageUri", next(call, window, last))]
                }
            default: continue
            }
        }
        return .feed(.array(items), headers: headers)
    }

    private func entry(_ blob: Blob, _ type: ContentType, _ call: Call, _ acting: [Fault.Action]) -> Value {
        let id = blob.id(type)
        var link = "\(bases.published)/manage/api/v1.0/\(call.tenant)/activity/feed/audit/\(id)"
        for action in acting {
            switch action {
            case .foreignContent:
                link = "\(bases.foreign)/manage/api/v1.0/\(call.tenant)/activity/feed/audit/\(id)"
            case .localhostContent: link = "http://localhost/feedservice/activity/feed/audit/\(id)"
            default: continue
            }
        }
        var item = Object([
            ("contentType", .string(type.rawValue)), ("contentId", .string(id)),
            ("contentUri", .string(link)),
            ("contentCreated", .string(blob.created.millisecondsText)),
            ("contentExpiration", .string((blob.created + knobs.retention).millisecondsText)),
        ])
        if call.operation == .notifications {
            item["notificationSent"] = .string((blob.visible + .minutes(1)).millisecondsText)
            item["notificationStatus"] = "success"
        }
        return .object(item)
    }

    private func next(_ call: Call, _ window: Window, _ last: Blob) -> String {
        let issued = now.secondsText.filter(\.isNumber)
        let index = String(last.index)
        let token =
            "\(issued)R\(last.visible.milliseconds)" + String(repeating: "0", count: 6 - index.count) + index
        let operation = call.operation == .notifications ? "notifications" : "content"
        let type = call.query("contentType") ?? ""
        // As documented: v1 rather than v1.0, and without the publisher.
        return "\(bases.published)/manage/api/v1/\(call.tenant)/activity/feed/subscriptions/\(operation)"
            + "?contentType=\(type)&startTime=\(window.fromText)&endTime=\(window.toText)&nextPage=\(token)"
    }

    private func place(_ call: Call) throws(Refusal) -> Place? {
        guard let text = call.query("nextPage") else { return nil }
        let halves = text.split(separator: "R", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].count == 14, halves[1].count > 6,
            let issued = Timestamp(compact: halves[0]), let seen = Int64(halves[1].dropLast(6)),
            let index = Int(halves[1].suffix(6)), issued <= now + .minutes(5),
            now <= issued + knobs.pageLifetime
        else { throw .feed(400, "AF20031", "Invalid nextPage Input: \(text).") }
        return Place(milliseconds: seen, index: index)
    }

    private func window(_ call: Call) throws(Refusal) -> Window {
        let rule =
            "Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 "
            + "hours apart, with the "
        let (first, last) = (call.query("startTime"), call.query("endTime"))
        guard let first, let last else {
            guard first == nil, last == nil else {
                throw .feed(400, "AF20030", rule + "start time no more than 7 days in the past.")
            }
            let to = Timestamp(seconds: now.seconds)
            let from = to - .days(1)
            return Window(from: from, to: to, fromText: from.secondsText, toText: to.secondsText)
        }
        guard let from = Timestamp(iso8601: first) else {
            throw .feed(400, "AF20002", "Invalid parameter type: startTime. Expected type: datetime")
        }
        guard let to = Timestamp(iso8601: last) else {
            throw .feed(400, "AF20002", "Invalid parameter type: endTime. Expected type: datetime")
        }
        guard from < to else {
            throw .feed(
                400,
                "AF20055",
                rule + "start time prior to end time and start time no more than 7 days in the past."
            )
        }
        guard to - from <= .days(1), from >= now - .days(7) - knobs.windowTolerance else {
            throw .feed(400, "AF20030", rule + "start time no more than 7 days in the past.")
        }
        return Window(from: from, to: to, fromText: first, toText: last)
    }
}

extension Timestamp {
    /// Reads `yyyyMMddHHmmss`.
    fileprivate init?(compact text: some StringProtocol) {
        let digits = Array(text)
        guard digits.count == 14 else { return nil }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        self.init(
            iso8601:
                "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))"
        )
    }
}
