// :names: to emoji. Names that are not here stay as they were typed.

import { h } from "../dom.js";
import { drawing } from "./emoji_art.js";

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 raised_hands 🙌 pray 🙏 wave 👋 raised_hand ✋ hand ✋ raising_hand 🙋 point_right 👉 point_up ☝️
point_down 👇 muscle 💪 eyes 👀 brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥 technologist 🧑‍💻 sleuth_or_spy 🕵️
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ no_entry ⛔ no_entry_sign 🚫 warning ⚠️ exclamation ❗ question ❓
grey_question ❔ bangbang ‼️ rotating_light 🚨 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣
white_circle ⚪ black_circle ⚫ red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
small_red_triangle 🔺 small_red_triangle_down 🔻 large_orange_diamond 🔶 small_blue_diamond 🔹 small_orange_diamond 🔸 radio_button 🔘
pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock3 🕒 clock9 🕘 calendar 📅 date 📅
ticket 🎫 admission_tickets 🎟️ satellite_antenna 📡 satellite 🛰️ mag 🔍 mag_right 🔎 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 notebook 📓
books 📚 book 📖 bookmark 🔖 label 🏷️ page_facing_up 📄 file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ inbox_tray 📥 outbox_tray 📤
envelope ✉️ email 📧 incoming_envelope 📨 package 📦 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊
tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 fire 🔥 boom 💥 zap ⚡ rocket 🚀 trophy 🏆 medal 🏅 checkered_flag 🏁
triangular_flag_on_post 🚩 white_flag 🏳️ lock 🔒 unlock 🔓 key 🔑 shield 🛡️ gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ toolbox 🧰
bug 🐛 beetle 🪲 robot_face 🤖 robot 🤖 computer 💻 desktop_computer 🖥️ iphone 📱 phone ☎️ telephone_receiver 📞 pager 📟 electric_plug 🔌
globe_with_meridians 🌐 earth_americas 🌎 earth_africa 🌍 earth_asia 🌏 world_map 🗺️ credit_card 💳 moneybag 💰 ambulance 🚑 fire_engine 🚒
construction 🚧 traffic_light 🚥 stop_sign 🛑 octagonal_sign 🛑 sos 🆘 new 🆕 up 🆙 ok 🆗 free 🆓 information_source ℹ️ bulb 💡
repeat 🔁 arrows_counterclockwise 🔄 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_forward ▶️
leftwards_arrow_with_hook ↩️ twisted_rightwards_arrows 🔀 double_vertical_bar ⏸️ black_square_for_stop ⏹️ fast_forward ⏩ heavy_plus_sign ➕ heavy_minus_sign ➖
smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 joy 😂 sweat_smile 😅 wink 😉 blush 😊 heart_eyes 😍 thinking_face 🤔 thinking 🤔
neutral_face 😐 confused 😕 disappointed 😞 cry 😢 sob 😭 angry 😠 rage 😡 scream 😱 sleeping 😴 zzz 💤 facepalm 🤦 shrug 🤷 see_no_evil 🙈
heart ❤️ broken_heart 💔 coffee ☕ beer 🍺 pizza 🍕 sunny ☀️ sunrise 🌅 city_sunset 🌆 test_tube 🧪 adhesive_bandage 🩹 face_with_thermometer 🤒 crescent_moon 🌙 cloud ☁️ umbrella ☔ palm_tree 🌴 snowflake ❄️ snail 🐌 turtle 🐢
100 💯 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ handshake 🤝 lifebuoy 🛟 ring_buoy 🛟 ghost 👻 wastebasket 🗑️ ladder 🪜 thread 🧵
`.trim().split(/\s+/);

export const EMOJI = new Map();
const NAMES = new Map();
for (let at = 0; at < TABLE.length; at += 2) {
  EMOJI.set(TABLE[at], TABLE[at + 1]);
  if (!NAMES.has(TABLE[at + 1])) NAMES.set(TABLE[at + 1], TABLE[at]);
  const bare = TABLE[at + 1].replace("\uFE0F", "");
  if (/\p{Extended_Pictographic}/u.test(bare) && !NAMES.has(bare)) NAMES.set(bare, TABLE[at]);
}

const SKIN = /::skin-tone-\d$/;
const IN_TEXT = /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|(\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic})*)/gu;

/** One emoji by its name, or its :name: as text. */
export function emoji(name) {
  const plain = name.replace(SKIN, "");
  const char = EMOJI.get(plain);
  if (!char) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": `:${plain}:`, title: `:${plain}:` }, drawing(plain) ?? char);
}

/** Plain text with its :names: shown as emoji. */
export function withEmoji(text) {
  const parts = [];
  let from = 0;
  for (const hit of text.matchAll(IN_TEXT)) {
    const name = hit[1] ?? NAMES.get(hit[2]);
    if (!name || !EMOJI.has(name.replace(SKIN, ""))) continue;
    if (hit.index > from) parts.push(text.slice(from, hit.index));
    parts.push(emoji(name));
    from = hit.index + hit[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The plain characters of a text, for attributes and titles. */
export function emojiText(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);
}

export function searchEmoji(words, limit) {
  const wanted = words.toLowerCase();
  const names = [...EMOJI.keys()].filter((name) => name.includes(wanted));
  return names.sort((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted))).slice(0, limit);
}

export const QUICK = ["eyes", "white_check_mark", "pushpin", "+1", "raised_hands", "tada", "question", "warning"];
