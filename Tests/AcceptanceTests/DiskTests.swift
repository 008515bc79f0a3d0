// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// A disk that is full: collection waits, status says so, and with room it goes on by itself.
@Suite(.timeLimit(.minutes(10)))
struct DiskTests {
    /// Everything runs in one namespace, since a mount in it is seen by nobody else.
    private static let script = """
        set -eu
        headgate=$1 home=$2 out=$3 size=$4 room=$5 due=$6
        mount -t tmpfs -o size=$size,mode=700 none "$home"
        cp "$out/clouds.json" "$home/clouds.json"
        "$headgate" connection add --answers "$out/answers.json" --secret-file "$out/secret"
        "$headgate" run 2> "$out/host.log" &
        host=$!
        trap 'kill -9 $host 2> /dev/null || true' EXIT
        host_of() { sed -n '/"host": {/,/"customers"/p' "$1"; }
        until "$headgate" status --json > "$out/full.json" && host_of "$out/full.json" | grep -q disk-full &&
            "$headgate" status > "$out/full.txt" && grep -q "disk full" "$out/full.txt"; do sleep 0.2; done
        "$headgate" status --exit-code > /dev/null || echo $? > "$out/full.exit"
        mount -o remount,size=$room "$home"
        until [ "$(cat "$home"/archive/*/*/*/*.ndjson | wc -l)" -ge "$due" ]; do sleep 0.2; done
        until "$headgate" status --json > "$out/room.json" &&
            host_of "$out/room.json" | grep -q '"cause": null'; do sleep 0.2; done
        kill "$host"
        wait "$host"
        cp -r "$home/journal" "$home/archive" "$out/kept"
        """

    /// A tenant with more than a small disk holds.
    private static func busy() async throws -> Estate {
        try await Estate { scenario in
            for type in ContentType.allCases {
                scenario.tenants[0].content[type] = Scenario.ContentPlan(
                    blobs: 40,
                    eventsPerBlob: 20,
                    newest: .hours(1)
                )
            }
        }
    }

    @Test(
        .enabled(if: MountNamespace.isToBeHad, "needs unshare -Urm"),
        arguments: ["1m", "2m", "4m"]
    )
    func `a full disk holds collection up until there is room, and nothing is lost or doubled`(_ size: String)
        async throws
    {
        let estate = try await Self.busy()
        let expected = await estate.expected()
        let due = expected.values.reduce(0) { $0 + $1.count }
        let folder = estate.folder
        let outcome = try await MountNamespace.run(
            Self.script,
            estate,
            size,
            "64m",
            String(due),
            within: .seconds(300)
        )
        let log = String(decoding: folder.read("host.log") ?? [], as: UTF8.self)
        #expect(outcome.exit == 0, "\(outcome)\n\(log.suffix(2_000))")

        let full = try Value(parsing: try #require(folder.read("full.json")))
        #expect(full["host"]?["cause"]?["class"] == "host")
        #expect(full["host"]?["cause"]?["code"] == "disk-full")
        let text = String(decoding: try #require(folder.read("full.txt")), as: UTF8.self)
        #expect(text.contains("disk full"), "\(text)")
        // One line on top for all streams.
        #expect(text.split(separator: "disk full", omittingEmptySubsequences: false).count == 2, "\(text)")
        #expect(folder.read("full.exit") == Array("2\n".utf8))

        let kept = folder.file("kept")
        let journal = Stored("journal", of: kept)
        #expect(journal.differences(from: expected) == [])
        #expect(Stored("archive", of: kept).differences(fromJournal: journal) == [])
    }

    /// A disk on which not even the host's last word found room: nothing is set aside, and somebody else took the rest.
    private static let silenced = """
        set -eu
        headgate=$1 home=$2 out=$3
        mount -t tmpfs -o size=8m,mode=700 none "$home"
        cp "$out/clouds.json" "$home/clouds.json"
        "$headgate" connection add --answers "$out/answers.json" --secret-file "$out/secret"
        "$headgate" run 2> "$out/host.log" &
        host=$!
        trap 'kill -9 $host 2> /dev/null || true' EXIT
        until "$headgate" status --json > "$out/before.json" && grep -q '"mode": "run"' "$out/before.json"
        do sleep 0.2; done
        kill -STOP "$host"
        : > "$home/reserve"
        cat /dev/zero > "$home/others" 2> /dev/null || true
        "$headgate" status --json > "$out/full.json"
        "$headgate" status > "$out/full.txt"
        kill -9 "$host"
        wait "$host" || true
        : > "$home/others"
        rm "$home/ledger.sqlite-shm"
        cat /dev/zero > "$home/others" 2> /dev/null || true
        "$headgate" status --json > "$out/closed.json"
        "$headgate" check > "$out/check" || echo $? > "$out/check.exit"
        """

    @Test(.enabled(if: MountNamespace.isToBeHad, "needs unshare -Urm"))
    func `a full disk is seen by whoever asks for the state, though nobody could write it down`() async throws
    {
        let estate = try await Estate { _ in }
        let folder = estate.folder
        let outcome = try await MountNamespace.run(Self.silenced, estate, within: .seconds(120))
        #expect(outcome.exit == 0, "\(outcome)")
        let before = try Value(parsing: try #require(folder.read("before.json")))
        #expect(before["host"]?["cause"] == .null)
        let full = try Value(parsing: try #require(folder.read("full.json")))
        #expect(full["host"]?["cause"]?["code"] == "disk-full", "\(full)")
        #expect(full["customers"]?[0]?["connections"]?[0]?["streams"]?.arrayValue?.count == 5, "\(full)")
        #expect(String(decoding: try #require(folder.read("full.txt")), as: UTF8.self).contains("disk full"))

        // With nobody who has the ledger open it cannot even be read, and the reason is the same.
        let closed = try Value(parsing: try #require(folder.read("closed.json")))
        #expect(closed["host"]?["cause"]?["code"] == "disk-full", "\(closed)")
        let line = String(decoding: try #require(folder.read("check")), as: UTF8.self)
        #expect(line.hasPrefix("UNKNOWN") && line.contains("disk is full"), "\(line)")
        #expect(folder.read("check.exit") == Array("3\n".utf8))
    }

    private static let onboarding = """
        set -eu
        headgate=$1 home=$2 out=$3
        mount -t tmpfs -o size=2m,mode=700 none "$home"
        cp "$out/clouds.json" "$home/clouds.json"
        "$headgate" onboard --no-input --answers "$out/walk.json" --secret-file "$out/secret" \
            > "$out/onboard" 2>&1 || echo $? > "$out/onboard.exit"
        """

    @Test(.enabled(if: MountNamespace.isToBeHad, "needs unshare -Urm"))
    func `a set-up whose first cycle finds the disk full does not end well`() async throws {
        let estate = try await Self.busy()
        let folder = estate.folder
        folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "app", "start": "P2D",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com", "clientKey": "\(Estate.app)"}}
            """,
            to: "walk.json"
        )
        let outcome = try await MountNamespace.run(Self.onboarding, estate, within: .seconds(200))
        #expect(outcome.exit == 0, "\(outcome)")
        let said = String(decoding: folder.read("onboard") ?? [], as: UTF8.self)
        #expect(folder.read("onboard.exit") == Array("1\n".utf8), "\(said)")
        #expect(said.contains("set up, but the first cycle failed"), "\(said)")
    }
}
