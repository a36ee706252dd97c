import { useMutation } from '@tanstack/vue-query'
import plain from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf?url'
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf?url'
import { useI18n } from 'vue-i18n'
import { hexOf, USUAL_ACCENT } from '#contract/accent.ts'
import type { Certificate } from '#contract/certificates.ts'
import { formatDay } from '../../lib/dates.ts'
import { downloadBlob } from '../../lib/download.ts'

const fontAt = async (url: string): Promise<Uint8Array> => {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`A font was answered ${answer.status}.`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** The school's colour, as the page has it now. */
const accentNow = (): string => {
  const style = getComputedStyle(document.documentElement)
  const said = (name: string, usual: number): number => Number.parseFloat(style.getPropertyValue(name)) || usual
  return hexOf({ hue: said('--accent-hue', USUAL_ACCENT.hue), chroma: said('--accent-chroma', USUAL_ACCENT.chroma) }, 'light')
}

/** Prints a certificate here, in the browser: what it takes is loaded when somebody first asks for it. */
export const usePaper = () => {
  const { t, locale } = useI18n()
  return useMutation({
    mutationFn: async (certificate: Certificate) => {
      const [{ certificatePaper }, regular, strong] = await Promise.all([import('./paper.ts'), fontAt(plain), fontAt(bold)])
      const words = {
        ...{ language: locale.value, title: t('certificates.certificate'), certifies: t('certificates.certifies'), completed: t('certificates.completed') },
        ...{ signedBy: t('certificates.signedBy'), issued: t('certificates.issued'), day: formatDay(certificate.issuedAt), verify: t('certificates.verifyAt') },
      }
      const bytes = await certificatePaper(certificate, { words, fonts: { plain: regular, bold: strong }, accent: accentNow() })
      downloadBlob(`${certificate.course.slug}.pdf`, new Blob(bytes, { type: 'application/pdf' }))
    },
  })
}
