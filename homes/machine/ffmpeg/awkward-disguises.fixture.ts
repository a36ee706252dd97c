import { box, ftyp, nested } from './awkward-boxes.fixture.ts'

/** Text that makes a player read elsewhere, for each place it may name. */
export const playlistsTo = (place: string): Record<string, string> => ({
  'an HLS playlist': `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${place}\n#EXT-X-ENDLIST\n`,
  'an HLS master playlist': `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${place}\n`,
  'an HLS playlist with a key': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-KEY:METHOD=AES-128,URI="${place}"\n#EXTINF:9,\n${place}\n#EXT-X-ENDLIST\n`,
  'an HLS playlist behind an ID3 tag': `ID3\u0003\0\0\0\0\0\n0123456789#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${place}\n#EXT-X-ENDLIST\n`,
  'a DASH manifest': dashTo(place),
  'a DASH manifest that begins as an MP4 does': `\0\0\0\u0010ftypisom\0\0\u0002\0\0\0\0\u0020moov${'\0\0\0\u0008free'.repeat(3)}${dashTo(place)}`,
  'a concat script': `ffconcat version 1.0\nfile '${place}'\n`,
  'a session description': `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n`,
  'an SVG': `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="${place}"/></svg>`,
  'a smooth-streaming manifest': `<SmoothStreamingMedia MajorVersion="2"><StreamIndex Type="video" Url="${place}"/></SmoothStreamingMedia>`,
  'an ASX playlist': `<asx version="3.0"><entry><ref href="${place}"/></entry></asx>`,
})

const dashTo = (place: string): string =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S" profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" codecs="avc1.64001f"><BaseURL>${place}</BaseURL></Representation></AdaptationSet></Period></MPD>`

const scattered = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let seed = 7
  for (let index = 0; index < length; index += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    bytes[index] = seed >> 16
  }
  return bytes
}

const latin = (text: string): Buffer => Buffer.from(text.padEnd(600, '.'), 'latin1')

/** What is no film at all, by its first bytes. */
export const NO_FILMS: Record<string, Buffer> = {
  'an empty file': Buffer.alloc(0),
  'five bytes': Buffer.from('moov!'),
  'a text': latin('Dear students, the video will follow.'),
  'a programme': latin('\u007fELF\u0002\u0001\u0001'),
  'a Windows programme': latin('MZ\u0090\0\u0003'),
  'an archive': latin('PK\u0003\u0004\u0014\0'),
  'a PDF': latin('%PDF-1.7\n'),
  'a web page': latin('<!doctype html><video src="http://127.0.0.1/">'),
  'a PNG': latin('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\b\u0002\0\0\0'),
  'a JPEG': latin('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0'),
  'a GIF': latin('GIF89a\u0001\0\u0001\0'),
  'a picture in an ISO box': Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0heicmif1', 'latin1')), box('meta', Buffer.alloc(90))]),
  'subtitles as WebVTT': latin('WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n'),
  'subtitles as SRT': latin('1\n00:00:00,000 --> 00:00:02,000\nHello\n'),
  noise: scattered(4096),
  'noise behind the first bytes of Matroska': Buffer.concat([Buffer.from('1a45dfa3', 'hex'), scattered(4096)]),
  'noise behind the first bytes of AVI': Buffer.concat([Buffer.from('RIFF\u0000\u0010\u0000\u0000AVI ', 'latin1'), scattered(4096)]),
  'a thousand boxes in one another': Buffer.concat([ftyp, nested('moov', 1000)]),
  'a hundred thousand empty boxes': Buffer.concat([ftyp, ...Array.from({ length: 100_000 }, () => box('free'))]),
}
