import { useToast } from '@nuxt/ui/composables'
import { computed, type Ref, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { around, asBlock, asLink, before, type Edit, type Field, isAddress, wordsOfFile } from './edits.ts'
import { type PicturePlace, sendPicture } from './send-picture.ts'

export const ACTS = ['bold', 'italic', 'heading', 'link', 'list', 'tasks', 'quote', 'note', 'code', 'table', 'formula'] as const
export type Act = (typeof ACTS)[number]

const EDITS: Readonly<Record<Act, (field: Field) => Edit>> = {
  bold: (field) => around(field, '**'),
  italic: (field) => around(field, '*'),
  heading: (field) => before(field, '## '),
  link: (field) => asLink(field),
  list: (field) => before(field, '- '),
  tasks: (field) => before(field, '- [ ] '),
  quote: (field) => before(field, '> '),
  note: (field) => asBlock(field, ['> [!NOTE]\n> ', '']),
  code: (field) => (field.text.slice(field.from, field.to).includes('\n') ? asBlock(field, ['```\n', '\n```']) : around(field, '`')),
  table: (field) => asBlock(field, ['| ', ' |  |\n|---|---|\n|  |  |']),
  formula: (field) => around(field, '$'),
}

const KEYS: Readonly<Record<string, Act>> = { b: 'bold', i: 'italic', k: 'link', e: 'code' }

/** Through the browser's own command, so that its undo takes it back as it does what was typed. */
const apply = (field: HTMLTextAreaElement, { from, to, put, choose }: Edit): void => {
  field.focus()
  field.setSelectionRange(from, to)
  if (!document.execCommand('insertText', false, put)) {
    field.setRangeText(put, from, to)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  field.setSelectionRange(from + choose[0], from + choose[1])
}

const fieldOf = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Field => ({ text: value, from: selectionStart, to: selectionEnd })

type Place = { field: () => HTMLTextAreaElement | undefined; place: () => PicturePlace | undefined; text: Ref<string> }

const usePictures = ({ field, place, text }: Place) => {
  const { t } = useI18n()
  const toast = useToast()
  const sending = ref(0)

  /** A line that keeps the place until the address is there; by then the text may have changed around it, or be gone from the page. */
  const addPicture = async (file: File, where: PicturePlace): Promise<void> => {
    const [area, words] = [field(), wordsOfFile(file.name)]
    if (!area) return
    sending.value += 1
    const mark = `![${t('writing.sending', { name: words })} ${crypto.randomUUID().slice(0, 8)}]()`
    apply(area, { from: area.selectionEnd, to: area.selectionEnd, put: mark, choose: [mark.length, mark.length] })
    const sent = await sendPicture(file, where)
    sending.value -= 1
    const shown = 'address' in sent ? `![${words}](${sent.address})` : ''
    if ('refused' in sent) toast.add({ title: sent.refused, color: 'error', icon: 'i-lucide-circle-alert' })
    const [at, now] = [text.value.indexOf(mark), field()]
    if (at >= 0 && now) apply(now, { from: at, to: at + mark.length, put: shown, choose: [shown.length, shown.length] })
    else text.value = text.value.replace(mark, () => shown)
  }

  const addPictures = async (files: Iterable<File>): Promise<void> => {
    const where = place()
    if (where) for (const file of files) await addPicture(file, where)
  }
  return { addPictures, isSending: computed(() => sending.value > 0) }
}

/** Marks, shortcuts, pasted addresses and pictures for a field in which Markdown is written. */
export const useWriting = (where: Place) => {
  const { field, place } = where
  const { addPictures, isSending } = usePictures(where)

  const act = (name: Act): void => {
    const area = field()
    if (area) apply(area, EDITS[name](fieldOf(area)))
  }

  return {
    ...{ act, addPictures, isSending },
    keydown: (event: KeyboardEvent): void => {
      const name = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey ? KEYS[event.key.toLowerCase()] : undefined
      if (!name) return
      event.preventDefault()
      event.stopPropagation()
      act(name)
    },
    paste: async (event: ClipboardEvent): Promise<void> => {
      const [area, pictures] = [field(), [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'))]
      const pasted = event.clipboardData?.getData('text/plain') ?? ''
      if (pictures.length > 0 && place()) {
        event.preventDefault()
        await addPictures(pictures)
      } else if (area && area.selectionStart !== area.selectionEnd && isAddress(pasted)) {
        event.preventDefault()
        apply(area, asLink(fieldOf(area), pasted.trim()))
      }
    },
    drop: async (event: DragEvent): Promise<void> => {
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0 || !place()) return
      event.preventDefault()
      await addPictures(files)
    },
  }
}
