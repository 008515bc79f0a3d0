// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <curl/curl.h>
#include <pthread.h>
// The Swift Glibc module leaves these two out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

// What follows wraps variadics, which Swift does not see.

static inline CURLcode hg_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode hg_curl_set_off_t(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode hg_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode hg_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode hg_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*hg_curl_data_fn)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode hg_curl_set_data_fn(CURL *handle, CURLoption option, hg_curl_data_fn fn) {
    return curl_easy_setopt(handle, option, fn);
}
static inline CURLcode hg_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode hg_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode hg_curl_multi_set_socket_fn(CURLM *multi, curl_socket_callback fn, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, fn);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}
static inline CURLMcode hg_curl_multi_set_timer_fn(CURLM *multi, curl_multi_timer_callback fn, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, fn);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

// glibc hides this behind _GNU_SOURCE, which the Swift Glibc module does not define.
extern int pthread_setname_np(pthread_t thread, const char *name);
