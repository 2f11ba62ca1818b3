import './tip.css';
import { mount } from 'svelte';
import Tip from './Tip.svelte';

mount(Tip, { target: document.getElementById('tip')! });
