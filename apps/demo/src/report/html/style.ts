export const STYLE = `
:root { color-scheme: light dark; --bg:#f7f7f4; --card:#fff; --ink:#1d2330; --soft:#5b6474; --line:#e2e3df; --grid:#ecece8;
  --c1:#2457c5; --c2:#c2570c; --c3:#0f766e; --c4:#7c3aed; --good:#15803d; --bad:#b91c1c;
  --t0:#d6d9de; --t1:#a7d3c8; --t2:#4fa596; --t3:#0f766e; }
@media (prefers-color-scheme: dark) { :root { --bg:#12151c; --card:#1a1f29; --ink:#e8eaf0; --soft:#9aa4b5; --line:#2c3341; --grid:#262c38;
  --c1:#7da5ff; --c2:#f59e5b; --c3:#4fc3b2; --c4:#b79cff; --good:#4ade80; --bad:#f87171;
  --t0:#3a4251; --t1:#2d5f57; --t2:#3b8f82; --t3:#4fc3b2; } }
* { box-sizing:border-box; }
body { margin:0; background:var(--bg); color:var(--ink); font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1120px; margin:0 auto; padding:32px 20px 64px; }
h1 { font-size:clamp(1.6rem,4vw,2.3rem); line-height:1.2; margin:0 0 .3em; letter-spacing:-.015em; }
h2 { font-size:1.3rem; margin:2.4em 0 .5em; letter-spacing:-.01em; }
h2 a { color:inherit; text-decoration:none; } h2 a:hover::after { content:" #"; color:var(--soft); } [id] { scroll-margin-top:14px; }
.contents ol { columns:2; column-gap:34px; max-width:84ch; margin:18px 0 0; padding-left:1.3em; font-size:.95rem; } .contents li { padding:2px 0; break-inside:avoid; }
.pair { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr)); gap:8px 24px; } .pair > div { min-width:0; }
h3 { font-size:1.05rem; margin:0; } .card > h3:not(:first-child) { margin-top:34px; }
p { margin:.5em 0; } .soft { color:var(--soft); } .lead { font-size:1.06rem; max-width:75ch; }
a { color:var(--c1); }
.card { background:var(--card); border:1px solid var(--line); border-radius:14px; padding:18px 20px; }
.tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:12px; margin:22px 0; }
.tile b { display:block; font-size:1.45rem; letter-spacing:-.01em; font-variant-numeric:tabular-nums; line-height:1.3; }
.tile span { color:var(--soft); font-size:.86rem; line-height:1.35; display:block; }
.chart { margin:0; } .card > .soft { font-size:.92rem; max-width:85ch; }
.plot { position:relative; height:250px; margin:10px 8px 26px 58px; touch-action:pan-y; }
.chart.small .plot { height:118px; margin-left:52px; margin-bottom:22px; }
.plot svg { position:absolute; inset:0; width:100%; height:100%; overflow:visible; }
.plot .x,.plot .y { position:absolute; color:var(--soft); font-size:.74rem; line-height:1; font-variant-numeric:tabular-nums; white-space:nowrap; }
.plot .y { right:calc(100% + 8px); transform:translateY(-50%); } .plot .x { top:calc(100% + 9px); transform:translateX(-50%); }
.cross { position:absolute; top:0; bottom:0; width:1px; background:var(--soft); opacity:.7; pointer-events:none; }
.line { fill:none; stroke-width:2.2; vector-effect:non-scaling-stroke; stroke-linejoin:round; } .dashed { stroke-dasharray:6 5; }
.grid,.reference { fill:none; stroke:var(--grid); stroke-width:1; vector-effect:non-scaling-stroke; } .reference { stroke:var(--soft); stroke-dasharray:2 4; }
.area { stroke:none; opacity:.12; }
.line.c1 { stroke:var(--c1); } .line.c2 { stroke:var(--c2); } .line.c3 { stroke:var(--c3); } .line.c4 { stroke:var(--c4); }
.area.c1 { fill:var(--c1); } .area.c2 { fill:var(--c2); } .area.c3 { fill:var(--c3); } .area.c4 { fill:var(--c4); }
.legend { list-style:none; display:flex; flex-wrap:wrap; gap:2px 18px; margin:6px 0 0; padding:0; font-size:.86rem; min-height:1.6em; }
.legend i { display:inline-block; width:20px; border-top:3px solid; margin-right:7px; vertical-align:middle; } .legend i.dashed { border-top-style:dashed; }
.legend i.c1 { border-color:var(--c1); } .legend i.c2 { border-color:var(--c2); } .legend i.c3 { border-color:var(--c3); } .legend i.c4 { border-color:var(--c4); }
.legend .when { color:var(--soft); margin-left:auto; }
.lanes { margin:0 0 44px; } .work td:first-child { white-space:nowrap; } .lanes .plot { height:290px; margin:12px 8px 28px; } .card > h3 + p { margin-top:.2em; }
.bar.idle { fill:var(--t0); } .bar.due { fill:var(--c3); } .bar.lost { fill:var(--bad); }
.legend i.idle,.legend i.due,.legend i.lost { height:10px; border:0; width:10px; } .legend i.idle { background:var(--t0); } .legend i.due { background:var(--c3); } .legend i.lost { background:var(--bad); }
.lane { position:absolute; left:0; right:0; font-size:.8rem; line-height:1.2; font-weight:600; display:flex; gap:10px; padding-top:6px; pointer-events:none; }
.lane i,.lane b { font-style:normal; font-weight:400; color:var(--soft); font-variant-numeric:tabular-nums; } .lane b { margin-left:auto; color:var(--ink); }
.personas { display:grid; grid-template-columns:repeat(auto-fill,minmax(min(100%,500px),1fr)); gap:16px; }
.persona header { display:flex; justify-content:space-between; gap:12px; align-items:flex-start; }
.persona header p { margin:.1em 0 0; font-size:.93rem; line-height:1.45; } .rate { text-align:right; white-space:nowrap; }
.rate b { font-size:1.35rem; font-variant-numeric:tabular-nums; } .rate span { display:block; color:var(--soft); font-size:.76rem; line-height:1.2; }
.strip { display:flex; margin:0 8px 10px 52px; border-radius:5px; overflow:hidden; font-size:.7rem; line-height:17px; height:17px; }
.strip span { overflow:hidden; text-align:center; min-width:0; text-overflow:clip; white-space:nowrap; }
.strip .NONE { background:var(--t0); color:var(--ink); } .strip .BASIC { background:var(--t1); color:var(--ink); }
.strip .ACTIVE { background:var(--t2); color:#fff; } .strip .POWER { background:var(--t3); color:#fff; }
@media (prefers-color-scheme: dark) { .strip .POWER { color:#10201d; } }
.sum { display:flex; flex-wrap:wrap; gap:4px 20px; margin:.4em 0 .8em; font-size:.88rem; font-variant-numeric:tabular-nums; }
.sum span { color:var(--soft); } .sum b { font-weight:600; }
.why { margin:0; padding-left:1.1em; font-size:.92rem; } .why li { margin:.25em 0; }
.rates { font-size:.84rem; margin-top:.8em; } .rates td { padding:4px 8px 4px 0; } .rates td:first-child { white-space:nowrap; width:1%; padding-right:14px; } .rates tr:last-child td { border:0; } .rates td.text { color:var(--soft); }
.voters { display:grid; gap:16px; } .timeline { list-style:none; margin:.8em 0 1em; padding:0; border-left:2px solid var(--line); }
.timeline li { position:relative; display:grid; grid-template-columns:11.5em 1fr; gap:2px 14px; padding:5px 0 5px 16px; break-inside:avoid; }
.timeline li::before { content:""; position:absolute; left:-6px; top:.85em; width:10px; height:10px; border-radius:50%; background:var(--c1); }
.timeline time { font-size:.84rem; font-variant-numeric:tabular-nums; } .timeline time span { display:block; color:var(--soft); }
.timeline p { margin:.1em 0 0; font-size:.92rem; color:var(--soft); } .facts th { width:16em; }
.scroll { overflow-x:auto; } .scroll td:first-child,.scroll th:first-child { position:sticky; left:0; background:var(--card); } table { border-collapse:collapse; width:100%; font-size:.88rem; font-variant-numeric:tabular-nums; }
th,td { text-align:right; padding:6px 10px; border-bottom:1px solid var(--line); vertical-align:top; } th { color:var(--soft); font-weight:600; }
th:first-child,td:first-child { text-align:left; } td.text,th.text { text-align:left; } code { font:.85em ui-monospace,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
details { margin:.7em 0 0; } summary { cursor:pointer; color:var(--soft); font-size:.9rem; }
.checks { list-style:none; padding:0; margin:0; } .checks li { padding:7px 0 7px 30px; position:relative; border-bottom:1px solid var(--line); } .checks li:last-child { border:0; } .checks .soft { overflow-wrap:anywhere; }
.checks li::before { position:absolute; left:2px; font-weight:700; } .ok::before { content:"✓"; color:var(--good); } .failed::before { content:"✗"; color:var(--bad); }
@media (max-width:560px) { .contents ol { columns:1; } .timeline li { grid-template-columns:1fr; } .facts th { width:auto; } main { padding:20px 12px 40px; } .card { padding:14px 13px; } .plot { height:200px; margin-left:50px; } .rate b { font-size:1.15rem; } .role { display:none; } th,td { padding:6px 7px; } }
@media print { .contents { display:none; } :root { --bg:#fff; font-size:9.5px; } main { max-width:none; padding:0; } .card { break-inside:avoid; border-color:#ccc; padding:10px 12px; } .plot { height:150px; } .chart.small .plot { height:80px; } details { display:none; }
  h2 { break-after:avoid; } * { -webkit-print-color-adjust:exact; print-color-adjust:exact; } .personas { grid-template-columns:1fr 1fr; } }
`;
