"""The style sheet of the HTML form, without what depends on the document."""

from __future__ import annotations

__all__ = ["BASE_STYLE", "SCAN_STYLE"]

BASE_STYLE = """\
:root{
  color-scheme:light dark;--paper:#fff;--ink:#16181d;--soft:#5c6470;--line:#c9ced6;--desk:#eceef1;
  --bad:#b3261e;--warn:#8a5300}
@media(prefers-color-scheme:dark){
  :root{--paper:#1b1e24;--ink:#e8eaee;--soft:#a3abb8;--line:#464d59;--desk:#101216;--bad:#ff8f85;
  --warn:#ffc26b}}
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
.picture,.chart,.seal{z-index:0;border:1px dashed var(--line);border-radius:2px;background-size:0 0}
.bullet.block::before{
  content:"\\2022";position:absolute;inset-inline-end:100%;top:0;padding-inline-end:.35em}
.list{margin:0;padding:0;list-style:none}
.r table{width:100%;height:100%;border-collapse:collapse}
.r th,.r td{
  border:1px solid var(--line);padding:0 .3em;line-height:1.2;text-align:start;white-space:pre-line;
  overflow-wrap:anywhere}
.r th{font-weight:600}
.loose,.issues{
  background:var(--paper);border:1px solid var(--line);border-radius:2px;padding:.6rem 1rem;
  margin-top:.75rem}
.loose h3,.issues h3{font-size:1rem;margin:0}
.loose ul,.issues ul{margin:.4rem 0 0;padding-inline-start:1.2rem}
.loose li{white-space:pre-line;overflow-wrap:anywhere}
.loose table{border-collapse:collapse}
.loose th,.loose td{border:1px solid var(--line);padding:.1em .4em;text-align:start}
.issues li,.failure{overflow-wrap:anywhere}
.error .severity,.failure{color:var(--bad)}
.warning .severity{color:var(--warn)}
.severity{font-weight:600}
.failure{background:var(--paper);border:2px solid var(--bad);border-radius:2px;padding:.6rem 1rem;margin:0 0 .75rem}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--line:#999;--desk:#fff;--bad:#900}
body{padding:0;background:none}
.top,.number,.issues{display:none}
.page{max-width:none;margin:0;break-after:page}
.page:last-child{break-after:auto}
.sheet{outline:0;box-shadow:none;border-radius:0;break-inside:avoid;print-color-adjust:exact}
.loose,.failure{margin:10mm}
.sheet+.loose{break-before:page}
}
"""
"""Everything that is the same in every document."""

SCAN_STYLE = """\
.views{border:0;padding:0;margin:.5rem 0 0;display:flex;gap:1rem}
.views legend{float:left;padding:0;margin-inline-end:1rem;color:var(--soft)}
.views label{display:inline-flex;gap:.4rem;align-items:center;min-height:24px}
:root:has(#view-scan:checked) .sheet{background-image:var(--scan);background-size:100% 100%}
:root:has(#view-scan:checked) .sheet .r{color:transparent;border-color:transparent;background:none}
:root:has(#view-scan:checked) .sheet :is(th,td){border-color:transparent}
.sheet ::selection{color:#000;fill:#000;background:#ffd54acc}
@media print{.sheet,.picture,.chart,.seal{print-color-adjust:exact}}
"""
"""Added when there are scans to show."""
