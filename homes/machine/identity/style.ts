import { createHash } from 'node:crypto'

/** One sheet for every page, in the page itself and allowed by its hash. Its colours are the school's, in the light and in the dark. */
export const STYLE = `
@font-face{font-family:"Inter Variable";src:url(/auth/inter.woff2) format("woff2");font-weight:100 900;font-display:swap}
:root{color-scheme:light dark;--bg:oklch(99.2% .001 100);--field:#fff;--ink:oklch(23% .006 250);--soft:oklch(46% 0 none);--line:oklch(88% .003 250);--edge:oklch(62% .004 250);
--accent:oklch(48% .084 186);--deep:oklch(41% .07 186);--on:#fff;--tint:oklch(96.6% .018 186);--bad:oklch(50% .19 27);--bad-tint:oklch(97% .015 27);
--side:oklch(32% .05 186);--side-2:oklch(24% .035 200);--side-ink:oklch(96% .012 186);--side-line:oklch(80% .09 186)}
@media(prefers-color-scheme:dark){:root{--bg:oklch(18% .002 250);--field:oklch(21.5% .003 250);--ink:oklch(95% .003 250);--soft:oklch(74% 0 none);--line:oklch(30% .004 250);--edge:oklch(52% .004 250);
--accent:oklch(77% .112 186);--deep:oklch(84% .1 186);--on:oklch(20% .03 186);--tint:oklch(25% .025 186);--bad:oklch(75% .14 25);--bad-tint:oklch(25% .04 25);
--side:oklch(26% .035 186);--side-2:oklch(21% .02 200)}}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%}
body{min-height:100dvh;font:400 1rem/1.55 "Inter Variable",ui-sans-serif,system-ui,sans-serif;background:var(--bg);color:var(--ink);font-feature-settings:"cv11","ss03";-webkit-font-smoothing:antialiased}
.frame{min-height:100dvh;display:flex;flex-direction:column}
.side{position:relative;overflow:hidden;isolation:isolate;background:linear-gradient(160deg,var(--side),var(--side-2));color:var(--side-ink);padding:1.1rem 1.25rem}
.side svg{position:absolute;inset:0;width:100%;height:100%;z-index:-1;stroke:var(--side-line);fill:none}
.side a{color:inherit;text-decoration:none}
.school{display:inline-flex;align-items:center;gap:.7rem;font-weight:600;letter-spacing:-.01em;border-radius:.25rem}
.school span{display:grid;place-items:center;flex:none;width:2rem;height:2rem;border-radius:.5rem;background:color-mix(in oklab,var(--side-line) 22%,transparent);font-weight:650}
.motto{display:none}
main{flex:1;display:flex;flex-direction:column;width:100%;max-width:26rem;margin:0 auto;padding:2.25rem 1.25rem 2rem}
h1{font-size:1.75rem;line-height:1.2;font-weight:640;letter-spacing:-.022em;text-wrap:balance;margin-bottom:.5rem}
.lead{color:var(--soft);margin-bottom:1.75rem;text-wrap:pretty;overflow-wrap:anywhere}
.lead strong{color:var(--ink);font-weight:600}
.row{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;margin-bottom:.375rem}
label{font-size:.9375rem;font-weight:550}
input{display:block;width:100%;min-height:2.875rem;padding:.6rem .8rem;font:inherit;color:inherit;background:var(--field);border:1px solid var(--edge);border-radius:.5rem;transition:border-color .12s}
input:hover{border-color:var(--soft)}
input:user-invalid,input[aria-invalid=true]{border-color:var(--bad)}
.note{min-height:1.875rem;padding:.4rem 0 .25rem;font-size:.875rem;line-height:1.3;color:var(--soft)}
.note.bad{color:var(--bad);font-weight:500}
.field{margin-bottom:.5rem}
.field:last-of-type{margin-bottom:.75rem}
button,.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:2.875rem;padding:.6rem 1.1rem;font:inherit;font-weight:600;border-radius:.5rem;border:1px solid transparent;background:var(--accent);color:var(--on);cursor:pointer;text-align:center;text-decoration:none;transition:background-color .12s}
button:hover,.button:hover{background:var(--deep)}
.quiet{background:transparent;color:var(--ink);border-color:var(--edge)}
.quiet:hover{background:var(--tint)}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px;border-radius:.125rem}
a:hover{color:var(--deep)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.side :focus-visible{outline-color:var(--side-ink)}
.stack{display:grid;gap:.75rem}
.alert{display:flex;gap:.65rem;padding:.75rem .9rem;margin-bottom:1.25rem;border-radius:.5rem;background:var(--bad-tint);color:var(--bad);font-size:.9375rem;line-height:1.4;font-weight:500}
.alert.fine{background:var(--tint);color:var(--deep)}
.alert svg{flex:none;width:1.25rem;height:1.25rem;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.mark{display:grid;place-items:center;width:3.25rem;height:3.25rem;margin-bottom:1.25rem;border-radius:999px;background:var(--tint);color:var(--accent)}
.mark svg{width:1.5rem;height:1.5rem;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.turn{margin-top:1.75rem;padding-top:1.25rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9375rem}
.small{font-size:.875rem;color:var(--soft)}
svg.code{display:block;width:12rem;height:12rem;margin-bottom:1rem;border-radius:.5rem;border:1px solid var(--line)}
details{margin-bottom:1.25rem}
summary{cursor:pointer}
.key{font:500 1rem/1.5 ui-monospace,monospace;color:var(--ink);overflow-wrap:anywhere}
.codes{list-style:none;padding:1rem;margin-bottom:1.5rem;border:1px solid var(--line);border-radius:.5rem;display:grid;grid-template-columns:1fr 1fr;gap:.4rem 1rem;font:500 1rem/1.5 ui-monospace,monospace}
.passkey{margin-top:.75rem}
.passkey .note:empty{display:none}
.others{display:grid;gap:.75rem;margin-top:.75rem}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(min-width:60rem){
.frame{display:grid;grid-template-columns:minmax(22rem,5fr) 7fr}
.side{display:flex;flex-direction:column;justify-content:space-between;padding:2.5rem 3rem 3rem}
.motto{display:block;max-width:18ch;font-size:clamp(2rem,3.1vw,2.875rem);line-height:1.12;font-weight:560;letter-spacing:-.03em;text-wrap:balance}
main{justify-content:center;max-width:27rem;padding:4rem 1.5rem}
h1{font-size:2rem}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media(forced-colors:active){button,.button{border-color:ButtonText}}
`

export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
