import { useToast } from '@nuxt/ui/composables'
import { useEventListener } from '@vueuse/core'
import { type ComputedRef, computed, type Ref, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { refusalOf, wordsOf } from '../../lib/api.ts'

export type Writing<T> = { version: number; value: T }

// What is kept is JSON, so this copies all of it, through whatever watches it.
const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value))

export type Draft<T> = {
  /** What the page shows and changes; undefined until it has been loaded. */
  draft: Ref<T | undefined>
  isChanged: ComputedRef<boolean>
  isSaving: Ref<boolean>
  /** Somebody else has saved meanwhile. */
  isConflicted: Ref<boolean>
  save(): Promise<void>
  discard(): void
}

type Options<T> = {
  stored(): Writing<T> | undefined
  /** Answers what is stored then. */
  send(writing: Writing<T>): Promise<Writing<T>>
}

/** Something visitors see, changed here and put before them by one button; a second one brings back what they saw before. */
export const useDraft = <T>({ stored, send }: Options<T>): Draft<T> => {
  const { t } = useI18n()
  const toast = useToast()
  const draft: Ref<T | undefined> = ref()
  const [isSaving, isConflicted] = [shallowRef(false), shallowRef(false)]
  let seen: Writing<T> | undefined
  const isChanged = computed(() => {
    const now = stored()
    return draft.value !== undefined && now !== undefined && JSON.stringify(draft.value) !== JSON.stringify(now.value)
  })
  const take = (writing: Writing<T> | undefined): void => {
    seen = writing
    draft.value = writing && copied(writing.value)
    isConflicted.value = false
  }
  watch(
    stored,
    (now) => {
      // What somebody is writing here stays, whatever comes meanwhile.
      if (draft.value === undefined || (seen && JSON.stringify(draft.value) === JSON.stringify(seen.value))) take(now)
    },
    { immediate: true },
  )

  const sendOrSay = async (writing: Writing<T>): Promise<Writing<T> | undefined> => {
    isSaving.value = true
    try {
      const after = await send(writing)
      take(after)
      return after
    } catch (error) {
      isConflicted.value = refusalOf(error) === 'conflict'
      if (!isConflicted.value) toast.add({ title: wordsOf(error), color: 'error', icon: 'i-lucide-circle-alert' })
      return undefined
    } finally {
      isSaving.value = false
    }
  }

  const save = async (): Promise<void> => {
    if (draft.value === undefined || !seen || isSaving.value) return
    const before = seen
    const after = await sendOrSay({ version: seen.version, value: copied(draft.value) })
    if (!after) return
    const goBack = async () => {
      if (await sendOrSay({ version: after.version, value: before.value })) toast.add({ title: t('storefront.undone'), icon: 'i-lucide-undo-2' })
    }
    toast.add({
      title: t('storefront.saved'),
      color: 'success',
      icon: 'i-lucide-check',
      actions: [{ label: t('storefront.undo'), color: 'neutral', variant: 'outline', onClick: goBack }],
    })
  }

  useEventListener(window, 'beforeunload', (event: BeforeUnloadEvent) => {
    if (isChanged.value) event.preventDefault()
  })
  return { draft, isChanged, isSaving, isConflicted, save, discard: () => take(stored()) }
}
