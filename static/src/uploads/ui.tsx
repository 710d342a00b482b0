// The files on their way, below the text that they go into.

import { Icon, IconButton } from "../dom/ui";
import { language, t } from "../i18n";
import { percent, sizeLabel, type Upload } from "./data";
import { cancelUpload, retryUpload, uploads } from "./events";

function UploadRow({ upload }: { upload: Upload }) {
  const failed = upload.state === "failed";
  return (
    <li class={`upload ${upload.state}`} role={failed ? "alert" : undefined}>
      <Icon name={failed ? "alert" : "clip"} />
      <span class="upload-name">{upload.name}</span>
      {failed ? (
        <>
          <span class="upload-error">{upload.error}</span>
          <button type="button" class="link-button" onClick={() => retryUpload(upload.id)}>
            {t("echo.retry")}
          </button>
        </>
      ) : (
        <>
          <progress aria-label={t("upload.progress", { name: upload.name })} max={100} value={percent(upload)} />
          <span class="upload-size">{sizeLabel(upload.size, language.value)}</span>
        </>
      )}
      <IconButton
        icon="close"
        label={t("upload.cancel", { name: upload.name })}
        onClick={() => cancelUpload(upload.id)}
      />
    </li>
  );
}

export function Uploads() {
  if (uploads.value.length === 0) return null;
  return (
    <ul class="uploads" aria-label={t("upload.list")}>
      {uploads.value.map((one) => (
        <UploadRow key={one.id} upload={one} />
      ))}
    </ul>
  );
}
