import { type Ref, shallowRef } from 'vue'
import type { MenuPage, usePlayer } from './usePlayer.ts'

/** Narrower than this, a menu over the picture would leave nothing of it. */
const SHEET_BELOW_PX = 600

/** Opens and shuts the player's menu: from where, and whether as a sheet. */
export const usePlayerMenu = (root: Readonly<Ref<HTMLElement | null>>, player: Pick<ReturnType<typeof usePlayer>, 'menu'>) => {
  const opener = shallowRef<HTMLElement>()
  const isSheet = shallowRef(false)
  const openMenu = (page: MenuPage, from: HTMLElement): void => {
    opener.value = from
    isSheet.value = (root.value?.clientWidth ?? 0) < SHEET_BELOW_PX
    player.menu = player.menu === undefined ? page : undefined
  }
  return { opener, isSheet, openMenu }
}
