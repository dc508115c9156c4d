/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the page, as they are in the files, each ended by a zero. Paths are those of the project's folder. */
#define BEGIN(name) .global name; name:
#define END .byte 0

	.section .rodata
BEGIN(page_html)
	.incbin "testbench/report/page/page.html"
	END
BEGIN(page_style)
	.incbin "testbench/report/page/page.css"
	END
BEGIN(page_script)
	.incbin "testbench/report/page/dom.js"
	.incbin "testbench/report/page/plot.js"
	.incbin "testbench/report/page/point.js"
	.incbin "testbench/report/page/curves.js"
	.incbin "testbench/report/page/rows.js"
	.incbin "testbench/report/page/suite.js"
	.incbin "testbench/report/page/trend.js"
	.incbin "testbench/report/page/main.js"
	END
BEGIN(page_library)
	.incbin CHART_JS
	END
BEGIN(page_licence)
	.incbin CHART_LICENCE
	END

	.section .note.GNU-stack, "", @progbits
