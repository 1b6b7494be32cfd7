/* The head of an answer: the status line and every header that is not the handler's own. Pure but for the clock. */
#pragma once

#include "base/buf.h"

/* Who may use what is answered; the table in answer.c says which headers that gives. */
enum answer_kind {
    ANSWER_DATA,   /* for our own pages and for programs: API, files of agents */
    ANSWER_PAGE,   /* our own pages and what belongs to them */
    ANSWER_SHARED, /* for pages of other sites: the widget and what it asks */
    ANSWER_KINDS_
};

struct http_answer {
    int status;
    enum answer_kind kind;
    const char *type;    /* NULL: no content */
    const char *headers; /* the handler's: "Name: value\r\n…", or NULL; one of ours with the same name is left out */
    long long length;    /* of the content, also where HEAD leaves it out */
    bool close;          /* the connection ends behind it */
    bool keep_alive_10;  /* to HTTP/1.0, which must be told that it goes on */
    bool secure;         /* browsers reach us by https */
};

void answer_head(struct buf *out, const struct http_answer *a);
