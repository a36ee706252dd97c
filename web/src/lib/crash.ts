import { shallowRef } from 'vue'
import type { Router } from 'vue-router'

/** What nobody caught, shown in place of the page. */
export const crash = shallowRef<unknown>()

/** Catches what a page throws while it is drawn, and pages whose code cannot be loaded. */
export const watchForCrashes = (router: Router): void => {
  router.onError((error) => {
    crash.value = error
  })
  router.afterEach((_to, _from, failure) => {
    if (!failure) crash.value = undefined
  })
}
