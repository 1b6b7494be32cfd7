#include "handover/order.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_MAX 4000
#define TIMEOUT_S 240 /* a large mail on a slow line; mail servers wait longer */
#define TIMEOUT_S_MAX 3600

enum option_name {
    OPTION_URL = 1,
    OPTION_TOKEN,
    OPTION_CA,
    OPTION_SENDER,
    OPTION_RECIPIENT,
    OPTION_TIMEOUT,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option OPTIONS[] = {
    {"url", required_argument, NULL, OPTION_URL},
    {"token-file", required_argument, NULL, OPTION_TOKEN},
    {"ca-file", required_argument, NULL, OPTION_CA},
    {"sender", required_argument, NULL, OPTION_SENDER},
    {"recipient", required_argument, NULL, OPTION_RECIPIENT},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {0},
};

void order_help(void)
{
    fprintf(stdout,
            "throughline-deliver --url=URL --token-file=FILE [OPTION…] < MAIL\n\n"
            "Hands the mail on standard input to an e-mail channel of Throughline, for the pipes of mail servers.\n\n"
            "  --url=URL             the webhook URL of the channel\n"
            "  --token-file=FILE     holds the token of the channel, and nothing else\n"
            "  --ca-file=FILE        the certificates to trust for the URL, not the system's\n"
            "  --sender=ADDRESS      who sends, by the envelope; empty: nobody. Becomes Return-Path, at the top\n"
            "  --recipient=ADDRESS   to whom, by the envelope; may come again. Becomes Delivered-To, at the top\n"
            "  --timeout=SECONDS     for all of it; %d if nothing is said\n"
            "  --help, --version\n\n"
            "Exit status, as in sysexits.h: 0 it is kept; 69 it is too large and goes back to its sender; 75 anything "
            "else,\n"
            "keep it and try again. What is wrong is one line on standard error.\n",
            TIMEOUT_S);
}

static bool is_address_safe(const char *name, const char *address)
{
    for (const char *c = address; *c; c++)
        if (iscntrl((unsigned char)*c) || *c == '<' || *c == '>') {
            fprintf(stderr, "4.3.5 The address of --%s has characters that none has.\n", name);
            return false;
        }
    return true;
}

static bool set_timeout(struct order *order, const char *value)
{
    char *end;
    errno = 0;
    order->timeout_s = strtol(value, &end, 10);
    if (!errno && end != value && !*end && order->timeout_s >= 1 && order->timeout_s <= TIMEOUT_S_MAX)
        return true;
    fprintf(stderr, "4.3.5 --timeout must be seconds, from 1 to %d.\n", TIMEOUT_S_MAX);
    return false;
}

static bool add_recipient(struct order *order, const char *value)
{
    if (order->n_recipients == RECIPIENTS_MAX) {
        fprintf(stderr, "4.3.5 There are more than %d recipients.\n", RECIPIENTS_MAX);
        return false;
    }
    order->recipients[order->n_recipients++] = value;
    return is_address_safe("recipient", value);
}

static bool take_option(struct order *order, int name, const char *given)
{
    switch (name) {
    case OPTION_URL:
        order->url = optarg;
        return true;
    case OPTION_TOKEN:
        order->token_file = optarg;
        return true;
    case OPTION_CA:
        order->ca_file = optarg;
        return true;
    case OPTION_SENDER:
        order->sender = optarg;
        return is_address_safe("sender", optarg);
    case OPTION_RECIPIENT:
        return add_recipient(order, optarg);
    case OPTION_TIMEOUT:
        return set_timeout(order, optarg);
    case OPTION_HELP:
        return order->help = true;
    case OPTION_VERSION:
        return order->version = true;
    default:
        fprintf(stderr, "4.3.5 The option %.60s is not known, or has no value; see --help.\n", given);
        return false;
    }
}

static bool has_all_options(const struct order *order)
{
    const char *missing = !order->url || !order->url[0] ? "--url" : !order->token_file ? "--token-file" : NULL;
    if (missing && !order->help && !order->version)
        fprintf(stderr, "4.3.5 %s is missing; see --help.\n", missing);
    return !missing || order->help || order->version;
}

/* "localhost", "[::1]" or an address of 127.0.0.0/8: what is sent there does not leave the machine. */
static bool is_here(const char *host)
{
    size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    bool v4 = strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n;
    return v4 || (n == 9 && strncasecmp(host, "localhost", n) == 0) || (n == 5 && strncmp(host, "[::1]", n) == 0);
}

static bool is_url_safe(const char *url)
{
    if (strncasecmp(url, "http://", 7) != 0 || is_here(url + 7))
        return true;
    fprintf(stderr, "4.3.5 The token would go in clear to another machine: use https:// in --url.\n");
    return false;
}

bool order_read(int argc, char **argv, struct order *ret)
{
    *ret = (struct order){.timeout_s = TIMEOUT_S};
    opterr = 0;
    for (int name; (name = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;)
        if (!take_option(ret, name, argv[optind - 1]))
            return false;
    if (optind < argc) {
        fprintf(stderr, "4.3.5 \"%.60s\" is no option; see --help.\n", argv[optind]);
        return false;
    }
    return has_all_options(ret) && (!ret->url || is_url_safe(ret->url));
}

/* A line break at its end is no part of it; anything else that no header may hold is somebody's mistake. */
static bool is_token(struct buf *token)
{
    while (token->len && isspace((unsigned char)token->data[token->len - 1]))
        token->data[--token->len] = '\0';
    for (size_t i = 0; i < token->len; i++)
        if (!isgraph((unsigned char)token->data[i]))
            return false;
    return token->len > 0;
}

bool order_token(const struct order *order, struct buf *ret)
{
    FILE *file = fopen(order->token_file, "re");
    char text[TOKEN_MAX + 1];
    if (!file) {
        fprintf(stderr, "4.3.5 The token file %.200s cannot be read: %s.\n", order->token_file, strerror(errno));
        return false;
    }
    buf_add(ret, text, fread(text, 1, sizeof(text), file));
    fclose(file);
    if (ret->len <= TOKEN_MAX && is_token(ret))
        return true;
    fprintf(stderr, "4.3.5 The token file %.200s must hold the token of the channel, and nothing else.\n",
            order->token_file);
    return false;
}
