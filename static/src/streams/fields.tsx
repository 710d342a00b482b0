// What a stream is made with and can be changed later: its name, what it is about, who may read it.

import { Line, Lines } from "../dom/forms";
import { t } from "../i18n";
import { Choice } from "../settings/controls";
import { PRIVACIES, type Privacy } from "./data";

interface FieldsProps {
  name: string;
  setName(name: string): void;
  description: string;
  setDescription(description: string): void;
}

export function StreamFields({ name, setName, description, setDescription }: FieldsProps) {
  return (
    <>
      <Line label={t("stream.name")} longest={60} value={name} change={setName} />
      <Lines optional label={t("stream.description")} longest={1024} value={description} change={setDescription} />
    </>
  );
}

export function PrivacyChoice({ value, choose }: { value: Privacy; choose(privacy: Privacy): void }) {
  const options = PRIVACIES.map((one) => [one, t(`privacy.${one}`)] as const);
  return <Choice legend={t("privacy.legend")} value={value} options={options} choose={choose} />;
}
