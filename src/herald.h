/* SPDX-License-Identifier: ISC */
/*
 * herald: what the service manager is told of the gateway, and when.
 */
#ifndef CGID_HERALD_H
#define CGID_HERALD_H

struct crew;
struct loop;

/* Borrows the loop. Nothing is told yet, and nothing ticks. */
void	herald_init(struct loop *);

/*
 * This crew, which is borrowed until herald_stopping(), or until another one is
 * named, serves. If the service manager has a watchdog, it is answered from here
 * on, as long as the crew's workers live and answer.
 */
void	herald_serving(struct crew *);

/* This crew served a binary before us; one of our own is to take over. */
void	herald_adopted(struct crew *);

/* A new configuration is being read; herald_serving() or herald_kept() end it. */
void	herald_reloading(void);

/* It will not do, because of `why`: the crew that served goes on. */
void	herald_kept(const char *why);

/* No more requests are accepted. The watchdog is answered all the same. */
void	herald_stopping(void);

#endif
