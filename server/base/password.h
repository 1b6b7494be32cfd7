/* Which passwords are refused. Guessing is estimated by libzxcvbn (words, names, keyboards, dates, repeats and what people
 * do with them), so a list of the most common ones is part of it. */
#pragma once

#define PASSWORD_LETTERS_MIN 10 /* code points */
#define PASSWORD_BITS_MIN 28    /* about as many tries as powers of two until it is guessed */

enum password_fault {
    PASSWORD_FINE,
    PASSWORD_SHORT,
    PASSWORD_PERSONAL, /* holds a part of the address, of the name, or the product's name */
    PASSWORD_COMMON,   /* is guessed soon */
    PASSWORD_FAULTS,
};

/* Any thread. */
enum password_fault password_check(const char *password, const char *email, const char *name);

struct password_fault_row {
    const char *reason; /* stable, for programs: "password_short" */
    const char *text;
};
extern const struct password_fault_row PASSWORD_FAULT_ROWS[PASSWORD_FAULTS];
