export const STYLE = `
:root { color-scheme: light dark; --bg:#f7f7f4; --card:#fff; --ink:#1d2330; --soft:#5b6474; --line:#e2e3df; --grid:#ecece8; --best:#e9f3ee;
  --c0:#8a93a3; --c1:#c2570c; --c2:#2457c5; --c3:#0f766e; }
@media (prefers-color-scheme: dark) { :root { --bg:#12151c; --card:#1a1f29; --ink:#e8eaf0; --soft:#9aa4b5; --line:#2c3341; --grid:#262c38; --best:#1d2f2a;
  --c0:#8a93a3; --c1:#f59e5b; --c2:#7da5ff; --c3:#4fc3b2; } }
* { box-sizing:border-box; }
body { margin:0; background:var(--bg); color:var(--ink); font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1320px; margin:0 auto; padding:32px 20px 64px; }
h1 { font-size:clamp(1.6rem,4vw,2.3rem); line-height:1.2; margin:0 0 .3em; letter-spacing:-.015em; }
h2 { font-size:1.3rem; margin:2.2em 0 .5em; } h3 { font-size:1rem; margin:0 0 .2em; }
p { margin:.5em 0; max-width:85ch; } .soft { color:var(--soft); font-size:.92rem; } .lead { font-size:1.06rem; }
.card { background:var(--card); border:1px solid var(--line); border-radius:14px; padding:16px 18px; margin:12px 0; overflow-x:auto; }
.tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(190px,1fr)); gap:12px; margin:22px 0; } .tile { margin:0; }
.tile b { display:block; font-size:1.4rem; line-height:1.3; font-variant-numeric:tabular-nums; } .tile span { color:var(--soft); font-size:.86rem; line-height:1.35; display:block; }
table { border-collapse:collapse; width:100%; font-size:.87rem; font-variant-numeric:tabular-nums; }
th,td { text-align:right; padding:6px 9px; border-bottom:1px solid var(--line); white-space:nowrap; } th { color:var(--soft); font-weight:600; white-space:normal; vertical-align:bottom; }
th:first-child,td:first-child { text-align:left; } tr:last-child td { border:0; } td.best { background:var(--best); font-weight:600; } td i { font-style:normal; color:var(--soft); font-size:.92em; }
.choose { display:flex; flex-wrap:wrap; gap:10px 22px; align-items:center; margin:12px 0; } select { font:inherit; padding:4px 8px; border-radius:8px; border:1px solid var(--line); background:var(--card); color:inherit; }
.legend { display:flex; flex-wrap:wrap; gap:2px 18px; font-size:.88rem; } .legend i { display:inline-block; width:20px; border-top:3px solid; margin-right:7px; vertical-align:middle; }
.fans { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr)); gap:14px; } .fans .card { margin:0; overflow:visible; }
svg { display:block; width:100%; height:auto; } svg text { fill:var(--soft); font-size:11px; font-variant-numeric:tabular-nums; }
.grid { stroke:var(--grid); } .zero { stroke:var(--soft); stroke-dasharray:3 4; } .median { fill:none; stroke-width:2; } .wide { opacity:.12; } .half { opacity:.2; }
@media (max-width:560px) { main { padding:20px 12px 40px; } }
@media print { .choose { display:none; } .card { break-inside:avoid; } }
`;
