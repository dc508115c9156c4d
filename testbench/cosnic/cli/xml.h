/* SPDX-License-Identifier: BSD-2-Clause */
/* Text in XML, as CI reads it (JUnit). */
#ifndef COSNIC_XML_H
#define COSNIC_XML_H

#include <stdio.h>

/* Text of any origin, in an element or an attribute; what XML has no way to write is shown as '?'. */
void xml_text(FILE *f, const char *s);

#endif
