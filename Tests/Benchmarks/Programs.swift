// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where the programs are that take part.
enum Programs {
    /// This one.
    static let own: String = {
        guard let path = realpath("/proc/self/exe", nil) else { return "/proc/self/exe" }
        defer { free(path) }
        return String(cString: path)
    }()

    /// The command of this very build, unless `--headgate` names another.
    static let beside = own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/headgate"

    /// The web server, which Debian keeps off an ordinary user's PATH.
    static func nginx() throws -> String {
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(
            String.init
        )
        for folder in folders + ["/usr/sbin", "/usr/local/sbin"] where access(folder + "/nginx", X_OK) == 0 {
            return folder + "/nginx"
        }
        throw BenchFailure("nginx is not installed: scripts/install-libraries tools installs it")
    }

    /// The module of that server which lets answers wait.
    static func nginxEcho() throws -> String {
        for folder in ["/usr/lib", "/usr/lib64", "/usr/share"] {
            let module = folder + "/nginx/modules/ngx_http_echo_module.so"
            if access(module, R_OK) == 0 { return module }
        }
        throw BenchFailure("nginx has no echo module here (Debian: libnginx-mod-http-echo)")
    }
}
