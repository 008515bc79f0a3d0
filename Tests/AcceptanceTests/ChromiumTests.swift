// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import TestSupport
import Testing

/// The pages as a browser shows them.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Chromium.isToBeHad, "needs Chromium"))
struct ChromiumTests {
    /// A connection that collects, but for one stream that says at length what is to be done.
    private func estate() async throws -> Estate {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = .init(blobs: 3, eventsPerBlob: 4)
            scenario.apps[0].roles = [Estate.tenant: ["ActivityFeed.Read"]]
        }
        try await estate.add(exit: 1)
        #expect(try await estate.tool.run("run", "--once").exit == 1)
        return estate
    }

    @Test func `the page in a file is shown whole, and its policy keeps nothing of it out`() async throws {
        let estate = try await estate()
        let page = estate.folder.file("status.html")
        #expect(try await estate.tool.run("status", "--html", page).exit == 0)
        let sight = try await Chromium.open("file://" + page, beside: estate.tool)
        #expect(sight.complaints == [])
        #expect(sight.document.contains("ActivityFeed.ReadDlp") && sight.document.contains("</footer>"))
        // The browser does complain where a page asks for what its policy forbids.
        let text = try #require(estate.folder.read("status.html"))
        let spoilt = String(decoding: text, as: UTF8.self)
            .replacing("<main>", with: "<main><script>1</script>")
        let odd = estate.folder.write(spoilt, to: "odd.html")
        #expect(try await Chromium.open("file://" + odd, beside: estate.tool).complaints.count == 1)
    }

    @Test(arguments: [360, 1_200])
    func `nothing on the page is wider than the window`(_ width: Int) async throws {
        let estate = try await estate()
        let page = estate.folder.file("status.html")
        #expect(try await estate.tool.run("status", "--html", page).exit == 0)
        let frame = """
            <!doctype html><body style="margin:0"><iframe id="page" src="status.html" width="\(width)" height="900">
            </iframe><p id="said"></p><script>
            const frame = document.getElementById("page");
            frame.onload = () => {
                const root = frame.contentDocument.documentElement;
                const ink = frame.contentWindow.getComputedStyle(root.querySelector(".state")).color;
                document.getElementById("said").textContent =
                    `fits ${root.scrollWidth <= root.clientWidth} ${root.scrollWidth} ink ${ink}`;
            };
            </script>
            """
        let wrapper = "file://" + estate.folder.write(frame, to: "frame.html")
        let sight = try await Chromium.open(wrapper, width: 1_400, beside: estate.tool)
        #expect(sight.document.contains("fits true"), "\(sight)")
        // What is wider is seen to be.
        let text = String(decoding: try #require(estate.folder.read("status.html")), as: UTF8.self)
        let broad = "<main><p style=\"width:2000px\">x</p>"
        estate.folder.write(text.replacing("<main>", with: broad), to: "status.html")
        let odd = try await Chromium.open(wrapper, width: 1_400, beside: estate.tool)
        #expect(odd.document.contains("fits false"), "\(odd)")
        // The states have their colours, so the sheet was read.
        #expect(!sight.document.contains("ink rgb(0, 0, 0)"), "\(sight)")
    }

    @Test func `the pages that a host serves are shown under the policy that it sends`() async throws {
        let estate = try await estate()
        let host = try estate.tool.start(["run", "--listen", "0"])
        let base = try await ListenTests.address(host)
        for path in ["", "customers/contoso"] {
            let sight = try await Chromium.open(base + path, beside: estate.tool)
            #expect(sight.complaints == [], "\(path)")
            #expect(sight.document.contains("Audit.Exchange"), "\(path)")
            #expect(sight.document.contains("<title>Collection status"), "\(path)")
        }
        host.send(15)
        #expect(await host.end().exit == 0, "\(host.err)")
    }
}
