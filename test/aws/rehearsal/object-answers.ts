import { GetObjectCommand, type GetObjectCommandInput, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { Answered } from './gateway.ts'

/** What somebody is answered who asks for an object. */
export const answerOf = async (client: S3Client, asked: GetObjectCommandInput): Promise<Answered> => {
  try {
    const { Body, ContentType, CacheControl, ContentDisposition, ContentRange, ETag } = await client.send(new GetObjectCommand(asked))
    const told = {
      'content-type': ContentType,
      'cache-control': CacheControl,
      'content-disposition': ContentDisposition,
      'content-range': ContentRange,
      etag: ETag,
    }
    const headers = Object.entries(told).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
    return { status: ContentRange === undefined ? 200 : 206, headers, body: Buffer.from((await Body?.transformToByteArray()) ?? []) }
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    const status = error.$metadata.httpStatusCode ?? 500
    return { status, headers: [['content-type', 'application/xml']], body: Buffer.from(`<Error><Code>${error.name}</Code></Error>`) }
  }
}
