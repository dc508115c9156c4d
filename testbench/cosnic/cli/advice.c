/* SPDX-License-Identifier: BSD-2-Clause */
#include "advice.h"

#include <errno.h>

const char *advice_write(int err)
{
	return err == ENOSPC || err == EDQUOT ? "free some space or choose" : "choose";
}
