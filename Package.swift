// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// The house: each module with everything it may import. An import only ever runs downwards.
let rooms: [(name: String, uses: [Target.Dependency])] = [
    // ground
    ("Basics", []),
    ("JSON", ["Basics"]),
    ("Crypto", ["CCrypto", "Basics"]),
    ("HTTPClient", ["CCurl", "Basics"]),
    ("HTTPServer", ["CMicroHTTPD", "Basics"]),
    ("Terminal", ["Basics"]),
    // means
    ("Connectors", ["Crypto", "JSON", "Basics"]),
    ("Status", ["Connectors", "JSON", "Basics"]),
    ("Store", ["Status", "Connectors", "Crypto", "JSON", "Basics", "CSQLite"]),
    ("Identity", ["Connectors", "HTTPClient", "Crypto", "JSON", "Basics"]),
    ("Source", ["Identity", "Connectors", "HTTPClient", "Crypto", "JSON", "Basics"]),
    // work
    (
        "Collecting",
        ["Source", "Identity", "Connectors", "Status", "Store", "HTTPClient", "Crypto", "JSON", "Basics"]
    ),
    ("Delivering", ["Status", "Store", "JSON", "Basics"]),
    (
        "Probing",
        ["Source", "Identity", "Connectors", "Status", "Store", "HTTPClient", "Crypto", "JSON", "Basics"]
    ),
    // whole
    (
        "Host",
        [
            "Collecting", "Delivering", "Probing", "Source", "Identity", "Connectors", "Status", "Store",
            "HTTPClient",
            "Crypto", "JSON", "Basics",
        ]
    ),
    (
        "Rehearsing",
        [
            "Collecting", "Probing", "Source", "Identity", "Connectors", "Status", "Store", "HTTPClient",
            "Crypto",
            "JSON", "Basics",
        ]
    ),
    (
        "Wizard",
        [
            "Host", "Probing", "Source", "Identity", "Connectors", "Status", "Store", "HTTPClient", "Crypto",
            "JSON", "Basics",
        ]
    ),
    ("Reporting", ["Probing", "Connectors", "Status", "Store", "JSON", "Basics"]),
    // face
    ("Web", ["Reporting", "Status", "HTTPServer", "Crypto", "JSON", "Basics"]),
    // beside the house
    ("CloudSimulator", ["HTTPServer", "Crypto", "JSON", "Basics"]),
]

/// The command may see every room.
let whole: [Target.Dependency] = rooms.map { .init(stringLiteral: $0.name) }

let package = Package(
    name: "headgate",
    products: [.executable(name: "headgate", targets: ["headgate"])],
    dependencies: [],
    targets: [
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        .systemLibrary(
            name: "CCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CMicroHTTPD",
            pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"]), .brew(["libmicrohttpd"])]
        ),
    ]
        + rooms.map { .target(name: $0.name, dependencies: $0.uses) }
        + rooms.map { room in
            .testTarget(
                name: "\(room.name)Tests",
                dependencies: [.init(stringLiteral: room.name), "TestSupport"] + room.uses
                    + (room.name == "CloudSimulator" ? [] : ["CloudSimulator"])
            )
        }
        + [
            .executableTarget(name: "headgate", dependencies: whole),
            .target(
                name: "TestSupport",
                dependencies: ["HTTPServer", "HTTPClient", "JSON", "Basics"],
                path: "Tests/TestSupport"
            ),
            .testTarget(name: "AcceptanceTests", dependencies: ["TestSupport"] + whole),
            .executableTarget(
                name: "Benchmarks",
                dependencies: whole + ["TestSupport"],
                path: "Tests/Benchmarks"
            ),
        ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("ImmutableWeakCaptures"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    // A release build of the tests tests what is shipped; that the tests themselves are slow hurts less than waiting for
    // their optimisation, which takes longer than running them.
    if target.type == .test {
        target.swiftSettings?.append(.unsafeFlags(["-Onone"], .when(configuration: .release)))
    }
}
