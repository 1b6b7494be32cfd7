/* Why a statement has failed. */
#pragma once

enum db_failure {
    DB_FINE,
    DB_AWAY,      /* connection lost or refused: later */
    DB_CONFLICT,  /* deadlock, lock time-out, Galera certification: again */
    DB_DUPLICATE, /* a unique key */
    DB_BROKEN,    /* anything else: logged, with the statement */
};
