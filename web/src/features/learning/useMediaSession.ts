import { onBeforeUnmount, watchEffect } from 'vue'
import type { Action } from './keys.ts'
import type { Player } from './usePlayer.ts'

type Named = { title(): string; posterUrl(): string | undefined }

const ACTIONS: Partial<Record<MediaSessionAction, Action>> = { seekbackward: 'back', seekforward: 'forward', previoustrack: 'previous', nexttrack: 'next' }

/** The keys of a keyboard or a headset, and what a phone shows while it is locked: the lesson, and the ones beside it. */
export const useMediaSession = (player: Player, { title, posterUrl }: Named): void => {
  const session = 'mediaSession' in navigator ? navigator.mediaSession : undefined
  if (!session) return
  const handle = (on: MediaSessionAction, handler: MediaSessionActionHandler | null): void => {
    try {
      session.setActionHandler(on, handler)
    } catch {
      // A browser that does not know the action has no key for it either.
    }
  }
  watchEffect(() => {
    const poster = posterUrl()
    session.metadata = new MediaMetadata({ title: title(), artwork: poster === undefined ? [] : [{ src: poster }] })
  })
  watchEffect(() => {
    const { next, previous } = player.neighbours
    for (const [on, action] of Object.entries(ACTIONS)) {
      const isThere = action === 'next' ? next !== undefined : action === 'previous' ? previous !== undefined : true
      // The keys of a literal.
      handle(on as MediaSessionAction, isThere ? () => player.perform({ action }) : null)
    }
  })
  handle('seekto', ({ seekTime }) => seekTime !== undefined && player.seek(seekTime))
  onBeforeUnmount(() => {
    session.metadata = null
    // As above.
    for (const on of [...Object.keys(ACTIONS), 'seekto']) handle(on as MediaSessionAction, null)
  })
}
