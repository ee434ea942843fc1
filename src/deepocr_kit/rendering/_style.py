"""The style sheet of the HTML form, without what depends on the document."""

from __future__ import annotations

__all__ = ["BASE_STYLE", "FLOW_STYLE", "SCAN_STYLE"]

BASE_STYLE = """\
:root{
  color-scheme:light dark;--paper:#fff;--ink:#16181d;--soft:#5c6470;--line:#c9ced6;--desk:#eceef1;
  --bad:#b3261e;--warn:#8a5300;--mark:#0b57d0}
@media(prefers-color-scheme:dark){
  :root{--paper:#1b1e24;--ink:#e8eaee;--soft:#a3abb8;--line:#464d59;--desk:#101216;--bad:#ff8f85;
  --warn:#ffc26b;--mark:#8ab4f8}}
*{box-sizing:border-box}
body{
  margin:0;padding:1.5rem 1rem 3rem;background:var(--desk);color:var(--ink);
  font:1rem/1.5 "Noto Sans","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif}
:lang(zh){font-family:"Noto Sans","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif}
:lang(ja){font-family:"Noto Sans","Noto Sans CJK JP","Noto Sans JP",system-ui,sans-serif}
:lang(ko){font-family:"Noto Sans","Noto Sans CJK KR","Noto Sans KR",system-ui,sans-serif}
.top,.page{max-width:60rem;margin:0 auto 1.5rem}
h1{font-size:1.35rem;margin:0;overflow-wrap:anywhere}
.facts,.number{color:var(--soft);font-size:.9rem;margin:.25rem 0}
.number{font-weight:600}
.sheet{
  position:relative;width:100%;container-type:size;overflow:hidden;background-color:var(--paper);
  border:0;outline:1px solid var(--line);border-radius:2px;box-shadow:0 1px 6px #0003}
.r{
  position:absolute;margin:0;padding:0;font-weight:400;line-height:1.25;unicode-bidi:isolate;
  overflow-wrap:anywhere;z-index:1}
.line svg{display:block;width:100%;height:100%;overflow:visible;fill:currentColor}
.line text{white-space:pre;dominant-baseline:auto}
.block{white-space:pre-line}
.down{
  writing-mode:vertical-rl;white-space:nowrap;line-height:1;display:flex;align-items:center;
  justify-content:center}
.title,.section_header{font-weight:700}
.caption,.footnote,.page_header,.page_footer{color:var(--soft)}
.code{white-space:pre-wrap}
.code,.formula{font-family:"Noto Sans Mono",ui-monospace,monospace}
.picture,.chart,.seal{z-index:0;border:1px dashed var(--line);border-radius:2px}
.bullet.block::before{
  content:"\\2022";position:absolute;inset-inline-end:100%;top:0;padding-inline-end:.35em}
.list{margin:0;padding:0;list-style:none}
.r table{width:100%;height:100%;border-collapse:collapse}
.r th,.r td{
  border:1px solid var(--line);padding:0 .3em;line-height:1.2;text-align:start;white-space:pre-line;
  overflow-wrap:anywhere}
.r th{font-weight:600}
.loose,.issues,.flow{
  background:var(--paper);border:1px solid var(--line);border-radius:2px;padding:.6rem 1rem;
  margin-top:.75rem;overflow-wrap:anywhere}
.loose h3,.issues h3{font-size:1rem;margin:0}
.issues ul{margin:.4rem 0 0;padding-inline-start:1.2rem}
.failure{overflow-wrap:anywhere}
.error .severity,.failure{color:var(--bad)}
.warning .severity{color:var(--warn)}
.severity{font-weight:600}
.failure{background:var(--paper);border:2px solid var(--bad);border-radius:2px;padding:.6rem 1rem;margin:0 0 .75rem}
.views{border:0;padding:0;margin:.6rem 0 0;display:flex;flex-wrap:wrap;gap:.4rem}
.views legend{float:left;padding:0;margin-inline-end:.6rem;line-height:2rem;color:var(--soft)}
.views label{position:relative;min-width:3.5rem;padding:0 .8rem;line-height:2rem;text-align:center;border-radius:4px}
.views input{
  appearance:none;position:absolute;inset:0;margin:0;border:1px solid var(--soft);border-radius:4px;
  cursor:pointer}
.views input:checked{border:3px solid var(--mark)}
.views label:has(:checked){font-weight:600;background:var(--paper)}
:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
.r:target{outline:3px solid var(--mark);outline-offset:1px}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--line:#999;--desk:#fff;--bad:#900}
body{padding:0;background:none}
.top,.number,.issues{display:none}
.page{max-width:none;margin:0;break-after:page}
.page:last-child{break-after:auto}
.sheet{outline:0;box-shadow:none;border-radius:0;break-inside:avoid;print-color-adjust:exact}
.sheet+.loose{break-before:page}
.flow,.loose{border:0;padding:0;margin:0}
}
"""
"""Everything that is the same in every document."""

_WRAPPED = """\
.{0}{{display:block}}
.{0} .row{{display:flex;flex-wrap:wrap;gap:0 1em;padding:.15em 0;border-bottom:1px solid var(--line)}}
.{0} .end{{margin-inline-start:auto}}
"""

FLOW_STYLE = (
    """\
.flow{display:none}
.flow.only,:root:has(#view-reflow:checked) .flow{display:block}
:root:has(#view-reflow:checked) :is(.sheet,.loose){display:none}
:is(.flow,.loose) :is(h2,h3,p,ul,pre){margin:.6em 0;padding:0;font-weight:400}
:is(.flow,.loose)>:is(h2,h3){font-weight:700;line-height:1.3}
.flow h2{font-size:1.3rem}
.flow h3{font-size:1.1rem}
:is(.flow,.loose) ul{padding-inline-start:1.4em}
:is(.flow,.loose) .marked{list-style:none;margin-inline-start:-1.4em}
.flow pre{font-size:.9rem}
.wide{overflow-x:auto}
:is(.flow,.loose) table{border-collapse:collapse;margin:.6em 0}
:is(.flow,.loose) :is(th,td){
  border:1px solid var(--line);padding:.15em .5em;text-align:start;vertical-align:top;white-space:pre-line}
.wide table{overflow-wrap:break-word}
.wide :is(th,td){min-width:2.5em}
.image:not([id])::before{content:attr(aria-label);padding:0 .5em;color:var(--soft);font-size:.9rem}
.image:not([id]){width:fit-content}
.image{min-width:min(100%,6rem);max-width:100%;min-height:1.5rem;border:1px dashed var(--soft);print-color-adjust:exact}
.grid{display:grid;column-gap:1.25em;margin:.6em 0}
.row{display:grid;grid-column:1/-1;grid-template-columns:subgrid}
.grid .row>p,.free p{margin:0}
.gap{margin-top:.6em}
.end{text-align:end}
.free .row{display:flex;flex-wrap:wrap;gap:0 1.5em}
"""
    + "".join(f".s{at}{{grid-column-start:{at}}}\n.w{at}{{grid-column-end:span {at}}}\n" for at in range(2, 13))
    + "@media(max-width:40rem){\nbody{padding-inline:.5rem}\n"
    + _WRAPPED.format("many")
    + "}\n@media(max-width:55rem){\n"
    + _WRAPPED.format("crowd")
    + "}\n"
)
"""The running text; rows of many columns become lines that wrap in a narrow window."""

SCAN_STYLE = """\
.scanned::before{content:"";position:absolute;left:50%;top:50%;background:var(--scan) 0 0/100% 100%;display:none}
:root:has(#view-scan:checked,#view-boxes:checked) .scanned::before{display:block}
:root:has(#view-scan:checked,#view-boxes:checked) .scanned :is(.r,th,td){
  color:transparent;border-color:transparent;background:none}
:root:has(#view-boxes:checked) .scanned .r{outline:1.5px solid #c2185b;box-shadow:0 0 0 2.5px #fffc}
:root:has(#view-scan:checked,#view-boxes:checked) .scanned ::selection{color:transparent;background:#ffb30066}
:root:has(#view-scan:checked,#view-boxes:checked) .scanned ::search-text{color:transparent;background:#ffb30066}
:root:has(#view-scan:checked,#view-boxes:checked) .scanned ::search-text:current{background:#ff6f0080}
@media print{.scanned::before,.picture,.chart,.seal{print-color-adjust:exact}}
"""
"""Added when there are scans to show."""
