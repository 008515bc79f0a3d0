// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <microhttpd.h>

// What follows wraps variadics and sockaddr casts, which Swift does not see.

struct hg_mhd_options {
    unsigned int connection_limit;
    unsigned int timeout_seconds;
};

static inline size_t hg_mhd_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

static inline void hg_mhd_no_log(void *context, const char *format, va_list arguments) {
    (void)context;
    (void)format;
    (void)arguments;
}

// Starts a daemon on a numeric address; port 0 picks one. NULL with errno EINVAL: no such address.
static inline struct MHD_Daemon *hg_mhd_start(const char *address, uint16_t port, struct hg_mhd_options options,
                                              MHD_AccessHandlerCallback handler,
                                              void *(*opened)(void *, const char *, struct MHD_Connection *),
                                              MHD_RequestCompletedCallback completed, void *context) {
    unsigned int flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
                         MHD_USE_ERROR_LOG;
    struct sockaddr_in four = {0};
    struct sockaddr_in6 six = {0};
    struct sockaddr *target = (struct sockaddr *)&four;
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        target = (struct sockaddr *)&six;
        flags |= MHD_USE_IPv6;
    } else {
        return NULL;
    }
    return MHD_start_daemon(flags, port, NULL, NULL, handler, context,
                            MHD_OPTION_EXTERNAL_LOGGER, hg_mhd_no_log, NULL,
                            MHD_OPTION_SOCK_ADDR, target,
                            MHD_OPTION_URI_LOG_CALLBACK, opened, context,
                            MHD_OPTION_UNESCAPE_CALLBACK, hg_mhd_keep_escapes, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, completed, context,
                            MHD_OPTION_CONNECTION_LIMIT, options.connection_limit,
                            MHD_OPTION_CONNECTION_TIMEOUT, options.timeout_seconds,
                            MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
                            MHD_OPTION_END);
}

static inline uint16_t hg_mhd_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

// Makes the coming close a reset: whatever is unsent is thrown away.
static inline void hg_mhd_reset_on_close(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger now = {1, 0};
    if (info) setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static inline ssize_t hg_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline ssize_t hg_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
