import { createHash } from 'node:crypto'

export const STYLE = `
@font-face{font-family:"Inter Variable";src:url(/sandbox/mail/inter.woff2) format("woff2");font-weight:100 900;font-display:swap}
:root{color-scheme:light dark;--bg:oklch(99.2% .001 100);--card:#fff;--ink:oklch(23% .006 250);--soft:oklch(46% 0 none);--line:oklch(90% .003 250);--edge:oklch(62% .004 250);
--accent:oklch(48% .084 186);--deep:oklch(41% .07 186);--tint:oklch(96.6% .018 186);--warn:oklch(45% .09 70);--warn-tint:oklch(96.5% .035 85);--bad:oklch(50% .19 27)}
@media(prefers-color-scheme:dark){:root{--bg:oklch(18% .002 250);--card:oklch(21.5% .003 250);--ink:oklch(95% .003 250);--soft:oklch(74% 0 none);--line:oklch(30% .004 250);--edge:oklch(52% .004 250);
--accent:oklch(77% .112 186);--deep:oklch(84% .1 186);--tint:oklch(25% .025 186);--warn:oklch(86% .09 85);--warn-tint:oklch(27% .04 85);--bad:oklch(75% .14 25)}}
*{box-sizing:border-box;margin:0}
body{min-height:100dvh;display:flex;flex-direction:column;font:400 1rem/1.55 "Inter Variable",ui-sans-serif,system-ui,sans-serif;background:var(--bg);color:var(--ink);-webkit-font-smoothing:antialiased}
.banner{padding:.5rem 1.25rem;background:var(--warn-tint);color:var(--warn);font-size:.875rem;font-weight:550;text-align:center}
.page{flex:1;width:100%;max-width:60rem;margin:0 auto;padding:2rem 1.25rem 3rem;display:flex;flex-direction:column}
header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.75rem 1.5rem;margin-bottom:1.5rem}
h1{font-size:1.625rem;line-height:1.25;font-weight:640;letter-spacing:-.02em;overflow-wrap:anywhere}
nav,.acts{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{color:var(--deep)}
button,.button,select,input{font:inherit;font-size:.9375rem;min-height:2.5rem;padding:.4rem .9rem;border-radius:.5rem;border:1px solid var(--edge);background:var(--card);color:var(--ink)}
button,.button{display:inline-flex;align-items:center;font-weight:550;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--tint);color:var(--ink)}
.button[aria-current]{background:var(--tint);border-color:var(--accent);color:var(--deep)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
ul.letters{list-style:none;padding:0;border:1px solid var(--line);border-radius:.75rem;overflow:hidden;background:var(--card)}
.letters li+li{border-top:1px solid var(--line)}
.letters a{display:grid;grid-template-columns:1fr auto;gap:.125rem 1rem;padding:.875rem 1.125rem;color:inherit;text-decoration:none}
.letters a:hover{background:var(--tint)}
.letters a:focus-visible{outline-offset:-2px}
.subject{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.to,.when,.peek,dt{color:var(--soft);font-size:.875rem}
.to{order:-2;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.when{order:-1;white-space:nowrap;font-variant-numeric:tabular-nums}
.subject,.peek{grid-column:1/-1}
.peek{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.empty{padding:4rem 1.5rem;border:1px dashed var(--edge);border-radius:.75rem;text-align:center;color:var(--soft)}
.empty strong{display:block;color:var(--ink);font-size:1.125rem;margin-bottom:.25rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.25rem;margin-bottom:1.25rem;padding-bottom:1.25rem;border-bottom:1px solid var(--line)}
dd{overflow-wrap:anywhere}
.letter{flex:1;display:flex;flex-direction:column}
iframe{flex:1;width:100%;min-height:34rem;margin-top:1rem;border:1px solid var(--line);border-radius:.75rem;background:#fff}
pre{flex:1;margin-top:1rem;padding:1.25rem;border:1px solid var(--line);border-radius:.75rem;background:var(--card);font:.9375rem/1.6 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.faults{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin-top:2.5rem;padding-top:1.5rem;border-top:1px solid var(--line)}
.faults p{flex-basis:100%;color:var(--soft);font-size:.875rem}
.faults label{display:grid;gap:.25rem;font-size:.875rem;font-weight:550}
.faults input{width:9rem}
.state{font-weight:600;color:var(--bad)}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(min-width:44rem){.letters a{grid-template-columns:14rem 1fr auto;align-items:baseline}.to,.when{order:0}.subject{grid-column:auto}.when{grid-column:3;grid-row:1}.peek{grid-column:2/3}}
`

export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
