// SPDX-License-Identifier: Apache-2.0

/// How pages look: one sheet, within the page, for screens in the light and in the dark, and for paper.
enum PageStyle {
    static let sheet: Markup = """
        :root { color-scheme: light dark; --ink: #1c2530; --faint: #5b6875; --ground: #f4f6f8; --paper: #fff;
          --line: #dde3e9; --good: #2c7a3f; --quiet: #7fa889; --wait: #6b7f94; --late: #b36b00; --bad: #b3261e;
          --off: #b8c2cc; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --faint: #9aa7b4; --ground: #12171c;
          --paper: #1a2128; --line: #2d3741; --good: #5cb874; --quiet: #3f6b4b; --wait: #7d92a8; --late: #e0a03c;
          --bad: #f0776e; --off: #46525e; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0; }
        main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
        h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        h3 { font-size: 1rem; margin: 0; } p { margin: .3rem 0; }
        .answer { font-size: 1.1rem; } .faint, time { color: var(--faint); }
        section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
          margin: 0 0 .8rem; break-inside: avoid; }
        section.bad { border-left: 4px solid var(--bad); } section.late { border-left: 4px solid var(--late); }
        .state { font-weight: 600; white-space: nowrap; } .state.bad { color: var(--bad); }
        .state.late { color: var(--late); } .state.good { color: var(--good); } .state.wait { color: var(--wait); }
        .state.off { color: var(--faint); }
        .streams { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .5rem 0 0; }
        th { font-weight: 600; color: var(--faint); font-size: .85rem; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
          border-top: 1px solid var(--line); }
        td.count { text-align: right; font-variant-numeric: tabular-nums; } td.bar { white-space: nowrap; }
        .bar i { display: inline-block; width: .5rem; height: 1.15rem; margin-right: 1px; vertical-align: bottom;
          border-radius: 1px; background: none; border-bottom: 2px solid var(--off); box-sizing: border-box; }
        .bar i.good { background: var(--good); border: 0; } .bar i.quiet { background: var(--quiet); border: 0; height: .8rem; }
        .bar i.wait { background: var(--wait); border: 0; height: .5rem; }
        .bar i.late { border: 0; background: repeating-linear-gradient(0deg, var(--late) 0 3px, transparent 3px 5px); }
        .bar i.bad { border: 0; background: linear-gradient(90deg, var(--bad) 40%, transparent 40% 60%, var(--bad) 60%); }
        .bar i.off { background: none; border: 1px dashed var(--off); }
        .remedy { border-left: 3px solid var(--line); padding-left: .8rem; margin: .5rem 0; }
        .remedy ol { margin: .3rem 0; padding-left: 1.3rem; } code { font: .92em ui-monospace, monospace; }
        .remedy, td { overflow-wrap: anywhere; } td:first-child, td.count { overflow-wrap: normal; } th { white-space: nowrap; }
        @media (max-width: 44rem) { tr { display: block; border-top: 1px solid var(--line); padding: .4rem 0; }
          td { display: block; border: 0; padding: .1rem 0; } tr:first-child { display: none; }
          td.count { text-align: left; } td.count::after { content: " records in 24 hours"; color: var(--faint); } }
        details { margin: .4rem 0 0; } summary { cursor: pointer; color: var(--faint); }
        details ul { margin: .3rem 0; padding-left: 1.2rem; } a { color: inherit; }
        footer { color: var(--faint); margin-top: 2rem; font-size: .9rem; }
        @media print { body { background: none; } main { max-width: none; padding: 0; } details { display: block; } }
        """
}
