/* Which passwords are refused. Guessing is estimated by libzxcvbn (words, names, keyboards, dates, repeats and what people
 * do with them), so a list of the most common ones is part of it. */
#pragma once

#include "base/saying.h"

#define PASSWORD_LETTERS_MIN 10 /* code points */
#define PASSWORD_BITS_MIN 28    /* about as many tries as powers of two until it is guessed */

/* SAID_NOTHING, or why it is refused: password_short, password_personal (it holds a part of the address, of the name, or the
 * product's name) or password_common (it is guessed soon). Any thread. */
enum saying password_check(const char *password, const char *email, const char *name);
