// Bots: making them, their keys, their names and owners, their end.

import { useState } from "preact/hooks";
import { createBot, deactivateBot, newBotKey, updateBot } from "../api/bots";
import { reactivateUser } from "../api/organization";
import { signalError, withUndo } from "../app/feedback";
import { confirm } from "../app/overlays";
import { bots, isAdmin, isGuest, me, people, realm } from "../app/state";
import { BOT_TYPES, type Bot, type BotType, botType, configFile, inOrder, mayMake } from "../bots/data";
import { copy } from "../dom/clipboard";
import { Line, SavedForm } from "../dom/forms";
import { Empty } from "../dom/ui";
import { t } from "../i18n";
import { Selected } from "./controls";

const MAX_NAME = 100;

function Add({ kinds }: { kinds: readonly BotType[] }) {
  const [kind, setKind] = useState<BotType>(kinds[0] ?? "generic");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const create = async () => {
    await createBot(name.trim(), address.trim(), BOT_TYPES[kind]);
    setName("");
    setAddress("");
  };
  return (
    <SavedForm title={t("bots.new")} act={t("bots.create")} save={create}>
      <Selected
        label={t("bots.kind")}
        value={kind}
        options={kinds.map((one) => [one, t(`bots.kind.${one}`)] as const)}
        choose={(one) => setKind(one as BotType)}
      />
      <Line label={t("bots.name")} longest={MAX_NAME} value={name} change={setName} />
      <Line
        label={t("bots.address")}
        pattern="[A-Za-z0-9._\-]+"
        hint={t("bots.addressHint")}
        value={address}
        change={setAddress}
      />
    </SavedForm>
  );
}

/** Its name, and for administrators whose it is. */
function About({ bot }: { bot: Bot }) {
  const [name, setName] = useState(bot.full_name);
  const [owner, setOwner] = useState(bot.owner_id);
  const humans = [...people.value.byId.values()].filter((one) => !one.isBot && one.isActive);
  humans.sort((a, b) => a.name.localeCompare(b.name));
  const save = () =>
    updateBot(bot.user_id, {
      ...(name.trim() !== bot.full_name && { full_name: name.trim() }),
      ...(owner !== null && owner !== bot.owner_id && { bot_owner_id: owner }),
    });
  return (
    <SavedForm done={t("settings.saved")} save={save}>
      <Line label={t("bots.name")} longest={MAX_NAME} value={name} change={setName} />
      {isAdmin.value && (
        <Selected
          label={t("bots.owner")}
          value={owner ?? ""}
          options={[
            ...(owner === null ? [["", ""] as const] : []),
            ...humans.map((one) => [one.id, one.name] as const),
          ]}
          choose={(id) => setOwner(Number(id))}
        />
      )}
    </SavedForm>
  );
}

function Key({ bot }: { bot: Bot }) {
  const renew = () =>
    confirm(t("bots.renewTitle", { name: bot.full_name }), t("bots.renewText"), t("bots.renew"), () => {
      void newBotKey(bot.user_id).catch(signalError);
    });
  return (
    <section class="form">
      <h3>{t("account.key")}</h3>
      <output class="api-key">{bot.api_key}</output>
      <div class="form-buttons">
        <button type="button" class="button" onClick={() => void copy(bot.api_key)}>
          {t("bots.copyKey")}
        </button>
        <button type="button" class="button" onClick={() => void copy(configFile(bot, location.origin))}>
          {t("bots.copyConfig")}
        </button>
        <button type="button" class="button" onClick={renew}>
          {t("bots.renew")}
        </button>
      </div>
    </section>
  );
}

const deactivate = (bot: Bot) =>
  withUndo(
    () => deactivateBot(bot.user_id),
    t("organization.deactivated", { name: bot.full_name }),
    () => reactivateUser(bot.user_id),
  );

function BotDetails({ bot }: { bot: Bot }) {
  const kind = botType(bot.bot_type);
  const owner = bot.owner_id === null ? undefined : people.value.byId.get(bot.owner_id);
  const facts = [
    kind && t(`bots.kind.${kind}`),
    owner && owner.id !== me.value && t("bots.of", { name: owner.name }),
    !bot.is_active && t("person.deactivated"),
  ];
  return (
    <details class="group">
      <summary>
        <strong>{bot.full_name}</strong>
        <span class="group-description">{bot.email}</span>
        <small>{facts.filter(Boolean).join(" · ")}</small>
      </summary>
      {bot.is_active ? (
        <>
          <About key={bot.full_name} bot={bot} />
          {bot.api_key && <Key bot={bot} />}
          <div class="form-buttons">
            <button type="button" class="button danger" onClick={() => void deactivate(bot)}>
              {t("bots.deactivate")}
            </button>
          </div>
        </>
      ) : (
        <div class="form-buttons">
          <button type="button" class="button" onClick={() => void reactivateUser(bot.user_id).catch(signalError)}>
            {t("organization.reactivate")}
          </button>
        </div>
      )}
    </details>
  );
}

export function BotSettings() {
  const all = inOrder(bots.value);
  const { decided } = realm.value;
  const kinds = mayMake(decided.bot_creation_policy, isAdmin.value, isGuest.value);
  return (
    <div class="form">
      {all.length === 0 && (
        <Empty icon="code" title={t("bots.none")}>
          {t("bots.what")}
        </Empty>
      )}
      {all.map((one) => (
        <BotDetails key={one.user_id} bot={one} />
      ))}
      {kinds.length > 0 && <Add kinds={kinds} />}
    </div>
  );
}
