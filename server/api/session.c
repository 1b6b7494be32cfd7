/* session.*: who is logged in. */
#include "api/api.h"
#include "api/shapes.h"

struct login_params {
    const char *email;
    const char *password;
};

struct me {
    struct agent *agent;
    const char *version;
};

static SHAPE(LOGIN_PARAMS, login_params, "LoginParams", "Credentials.",
             TEXT_REQ(login_params, email, "email", 254, "Log-in name."),
             ROW(login_params, password, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
                 .min = 1, .max = 1000, .help = "Password."));

static SHAPE(ME_SHAPE, me, "Me", "The agent who is logged in.",
             OBJECT(me, agent, "agent", &AGENT_SHAPE, "The account."),
             TEXT(me, version, "version", 32, "Of the server."));

#define RUN(f) NULL

const struct method SESSION_METHODS[] = {
    {"session.login", "Logs in and sets the session cookie. HTTP only.", ROLE_NONE, METHOD_LOGIN_TRY, EFFECT_NONE,
     &LOGIN_PARAMS, &ME_SHAPE, RUN(login)},
    {"session.me", "Who is logged in.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &ME_SHAPE, RUN(me)},
    {"session.logout", "Ends the session and closes its sockets.", ROLE_AGENT, 0, EFFECT_LOGOUT, &EMPTY_SHAPE,
     &EMPTY_SHAPE, RUN(logout)},
    {0},
};
