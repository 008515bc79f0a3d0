# SPDX-License-Identifier: Apache-2.0
# The menu. Every target that builds installs the missing system libraries first.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# What make bench measures, such as --only scanner; everything without it.
BENCH ?=

# The same flags everywhere: other flags would build everything once more.
CHECKED = --explicit-target-dependency-import-check error
# Nothing is tested through @testable, so a release test build is the release build itself.
TESTING = --disable-xctest
SOURCES = Package.swift Sources Tests

.PHONY: help demo test test-release build bench format lint install libraries libraries-tools libraries-test

help:
	@echo 'make demo          build, then a simulated cloud with a few customers and their live status'
	@echo 'make test          the whole test suite, debug build'
	@echo 'make test-release  the whole test suite, release build'
	@echo 'make build         the release build of headgate'
	@echo 'make bench         the benchmarks'
	@echo 'make format        format the sources     make lint   check format and house rules'
	@echo 'make install       PREFIX=$(PREFIX): bin/headgate and share/headgate'

demo: build
	.build/release/headgate demo

build: libraries
	$(SWIFT) build -c release --product headgate

# A whole suite at once starves itself on few processors, and what waits for an answer takes that for a dead server. So
# the rooms that talk to servers run first, then those that rehearse and collect, then the rest; of the built command,
# what is killed and what is talked to at a terminal run by themselves.
SERVED = HTTPClientTests|HTTPServerTests|CloudSimulatorTests|IdentityTests|SourceTests|TerminalTests
PLAYED = RehearsingTests|CollectingTests|ConnectorsTests
KILLED = KillTests|CrashTests|DiskTests
EARLY = AcceptanceTests\.[A-J]
LATE = AcceptanceTests\.[K-Z]
# Conversations wait for one another's processors, so they are two lots.
ASKED = Onboard[A-R]
TALKED = Onboard[S-Z]|ConnectionWalkTests

test: libraries-test
	$(SWIFT) test $(TESTING) $(CHECKED) --filter '$(SERVED)'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter '$(PLAYED)'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --skip '$(SERVED)|$(PLAYED)|AcceptanceTests'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter 'AcceptanceTests.*($(KILLED))'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter 'AcceptanceTests.*($(ASKED))'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter 'AcceptanceTests.*($(TALKED))'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter '$(EARLY)' --skip '$(KILLED)|$(ASKED)|$(TALKED)'
	$(SWIFT) test $(TESTING) $(CHECKED) --skip-build --filter '$(LATE)' --skip '$(KILLED)|$(ASKED)|$(TALKED)'

test-release: libraries-test
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --filter '$(SERVED)'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter '$(PLAYED)'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --skip '$(SERVED)|$(PLAYED)|AcceptanceTests'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter 'AcceptanceTests.*($(KILLED))'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter 'AcceptanceTests.*($(ASKED))'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter 'AcceptanceTests.*($(TALKED))'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter '$(EARLY)' \
	    --skip '$(KILLED)|$(ASKED)|$(TALKED)'
	$(SWIFT) test $(TESTING) --disable-testable-imports -c release --skip-build --filter '$(LATE)' \
	    --skip '$(KILLED)|$(ASKED)|$(TALKED)'

bench: libraries-tools
	$(SWIFT) build -c release --product headgate
	$(SWIFT) build -c release --product Benchmarks
	.build/release/Benchmarks $(BENCH)

format:
	$(SWIFT) format -i -p -r $(SOURCES)

lint:
	$(SWIFT) format lint --strict -p -r $(SOURCES)
	scripts/check-house

install: build
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/headgate'
	install -m 0755 .build/release/headgate '$(DESTDIR)$(PREFIX)/bin/headgate'
	for folder in connectors wizard; do \
	    if [ -d $$folder ]; then \
	        rm -rf '$(DESTDIR)$(PREFIX)'/share/headgate/$$folder; \
	        cp -R $$folder '$(DESTDIR)$(PREFIX)'/share/headgate/; \
	    fi; \
	done

libraries:
	@scripts/install-libraries build

libraries-tools:
	@scripts/install-libraries tools

libraries-test:
	@scripts/install-libraries test
