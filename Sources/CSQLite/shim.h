// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sqlite3.h>

// The C library shows it only to GNU sources, which Swift's importer is not.
#if defined(__linux__)
int syncfs(int descriptor);
#endif
